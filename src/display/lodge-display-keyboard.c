/* lodge-display-keyboard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-keyboard.h"
#include "lodge-focus-watch.h"
#include "lodge-key-tracker.h"
#include "lodge-keymap.h"
#include "lodge-release-keys.h"
#include "lodge-shortcut-inhibitor.h"

/**
 * LodgeDisplayKeyboard:
 *
 * The keyboard of a #LodgeDisplay.
 *
 * While the display has the focus and may grab, a controller on the toplevel takes the keys before
 * the application's accelerators do, and the system is asked to leave its own shortcuts to us. A
 * system that refuses, or takes some time to ask its user, changes nothing else. A display that may
 * not grab takes what the application leaves.
 */

typedef struct
{
  guint           keyval;
  GdkModifierType modifiers;
} HostKey;

struct _LodgeDisplayKeyboard
{
  GObject                 parent_instance;
  /* Not owned: it owns this, and shuts it down. */
  LodgeDisplay           *display;
  LodgeScreen            *screen;
  LodgeKeyTracker        *tracker;
  LodgeReleaseKeys       *release_keys;
  GArray                 *host_keys;
  GtkEventController     *focus;
  GtkEventController     *keys;
  /* What the key controller is on now. */
  GtkWidget              *keys_widget;
  LodgeShortcutInhibitor *inhibitor;
  LodgeFocusWatch        *watch;
  GdkDevice              *device;
  guint                   focused : 1;
  guint                   grabbed : 1;
  /* The user let go; until a click or the focus comes back, keys are the host's. */
  guint                   let_go : 1;
  guint                   may_grab : 1;
};

enum {
  PROP_0,
  PROP_FOCUSED,
  PROP_GRABBED,
  N_PROPS
};

enum {
  SIGNAL_RELEASE_KEYS,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeDisplayKeyboard, lodge_display_keyboard, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
sync_lock_keys (LodgeDisplayKeyboard *self)
{
  LodgeLockKeys locked = 0;

  if (self->screen == NULL || self->device == NULL)
    return;

  if (gdk_device_get_caps_lock_state (self->device))
    locked |= LODGE_LOCK_KEY_CAPS;

  if (gdk_device_get_num_lock_state (self->device))
    locked |= LODGE_LOCK_KEY_NUM;

  if (gdk_device_get_scroll_lock_state (self->device))
    locked |= LODGE_LOCK_KEY_SCROLL;

  if (locked != lodge_screen_get_lock_keys (self->screen))
    lodge_screen_set_lock_keys (self->screen, locked);
}

/* While the guest gets the keys, the lock key itself is under way to it. */
static void
device_lock_state_cb (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  if (self->keys_widget == NULL)
    sync_lock_keys (self);
}

static void
set_keys_widget (LodgeDisplayKeyboard *self,
                 GtkWidget            *widget,
                 GtkPropagationPhase   phase)
{
  if (self->keys_widget == widget && gtk_event_controller_get_propagation_phase (self->keys) == phase)
    return;

  if (self->keys_widget != NULL)
    {
      lodge_key_tracker_release_all (self->tracker);
      lodge_release_keys_reset (self->release_keys);
      gtk_widget_remove_controller (self->keys_widget, self->keys);
    }

  g_set_weak_pointer (&self->keys_widget, widget);

  if (widget != NULL)
    {
      gtk_event_controller_set_propagation_phase (self->keys, phase);
      gtk_widget_add_controller (widget, g_object_ref (self->keys));
      sync_lock_keys (self);
    }
}

static GdkToplevel *
find_toplevel (LodgeDisplayKeyboard *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self->display));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return GDK_IS_TOPLEVEL (surface) ? GDK_TOPLEVEL (surface) : NULL;
}

static void
update (LodgeDisplayKeyboard *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->display));
  gboolean listens = self->screen != NULL && self->focused && !self->let_go && root != NULL;
  gboolean grabbed = listens && self->may_grab;

  if (!listens)
    set_keys_widget (self, NULL, GTK_PHASE_NONE);
  else if (grabbed)
    set_keys_widget (self, GTK_WIDGET (root), GTK_PHASE_CAPTURE);
  else
    set_keys_widget (self, GTK_WIDGET (self->display), GTK_PHASE_BUBBLE);

  lodge_shortcut_inhibitor_set_toplevel (self->inhibitor, grabbed ? find_toplevel (self) : NULL);

  if (self->grabbed != grabbed)
    {
      self->grabbed = grabbed;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRABBED]);
    }
}

static void
set_focused (LodgeDisplayKeyboard *self,
             gboolean              focused)
{
  if (self->focused == focused)
    return;

  self->focused = focused;

  if (focused && !lodge_focus_watch_take_interlude (self->watch))
    self->let_go = FALSE;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOCUSED]);
}

static void
focus_enter_cb (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  set_focused (self, gtk_widget_get_mapped (GTK_WIDGET (self->display)));
}

static void
focus_leave_cb (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  set_focused (self, FALSE);
}

static void
map_cb (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_focus_watch_set_toplevel (self->watch, find_toplevel (self));
  set_focused (self, gtk_widget_has_focus (GTK_WIDGET (self->display)));
}

static void
unmap_cb (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  set_focused (self, FALSE);
  lodge_focus_watch_set_toplevel (self->watch, NULL);
}

static gboolean
is_host_key (LodgeDisplayKeyboard *self,
             GdkEvent             *event)
{
  for (guint i = 0; i < self->host_keys->len; i++)
    {
      const HostKey *key = &g_array_index (self->host_keys, HostKey, i);

      if (gdk_key_event_matches (event, key->keyval, key->modifiers) != GDK_KEY_MATCH_NONE)
        return TRUE;
    }

  return FALSE;
}

/* What the key means alone: with Shift, Alt may be Meta. */
static guint
get_bare_keyval (GdkEvent *event)
{
  guint keyval;

  if (gdk_display_translate_key (gdk_event_get_display (event), gdk_key_event_get_keycode (event),
                                 0, gdk_key_event_get_layout (event), &keyval, NULL, NULL, NULL))
    return keyval;

  return gdk_key_event_get_keyval (event);
}

static gboolean
key_pressed_cb (LodgeDisplayKeyboard  *self,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                GtkEventControllerKey *controller)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  if (is_host_key (self, event))
    {
      lodge_key_tracker_suspend (self->tracker);
      lodge_release_keys_spoil (self->release_keys);
      return GDK_EVENT_PROPAGATE;
    }

  if (!lodge_release_keys_press (self->release_keys, get_bare_keyval (event)))
    lodge_key_tracker_press (self->tracker,
                             lodge_keymap_scancode_for_event (gdk_event_get_display (event),
                                                              keycode));

  return GDK_EVENT_STOP;
}

static void
key_released_cb (LodgeDisplayKeyboard  *self,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 GtkEventControllerKey *controller)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_key_tracker_release (self->tracker,
                             lodge_keymap_scancode_for_event (gdk_event_get_display (event),
                                                              keycode));

  if (lodge_release_keys_release (self->release_keys, get_bare_keyval (event)))
    g_signal_emit (self, signals[SIGNAL_RELEASE_KEYS], 0);
}

static void
lodge_display_keyboard_finalize (GObject *object)
{
  LodgeDisplayKeyboard *self = (LodgeDisplayKeyboard *)object;

  g_assert (self->display == NULL);

  g_clear_pointer (&self->host_keys, g_array_unref);
  g_clear_pointer (&self->release_keys, lodge_release_keys_free);
  g_clear_object (&self->inhibitor);
  g_clear_object (&self->keys);
  g_clear_object (&self->tracker);
  g_clear_object (&self->watch);

  G_OBJECT_CLASS (lodge_display_keyboard_parent_class)->finalize (object);
}

static void
lodge_display_keyboard_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  LodgeDisplayKeyboard *self = LODGE_DISPLAY_KEYBOARD (object);

  switch (prop_id)
    {
    case PROP_FOCUSED:
      g_value_set_boolean (value, self->focused);
      break;

    case PROP_GRABBED:
      g_value_set_boolean (value, self->grabbed);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_keyboard_class_init (LodgeDisplayKeyboardClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_display_keyboard_finalize;
  object_class->get_property = lodge_display_keyboard_get_property;

  properties[PROP_FOCUSED] = g_param_spec_boolean ("focused", NULL, NULL, FALSE, flags);
  properties[PROP_GRABBED] = g_param_spec_boolean ("grabbed", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* The user pressed the keys that let go of the grabs. */
  signals[SIGNAL_RELEASE_KEYS] =
    g_signal_new ("release-keys", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_display_keyboard_init (LodgeDisplayKeyboard *self)
{
  self->may_grab = TRUE;
  self->inhibitor = lodge_shortcut_inhibitor_new ();
  self->host_keys = g_array_new (FALSE, FALSE, sizeof (HostKey));
  self->release_keys = lodge_release_keys_new (NULL);
  self->tracker = lodge_key_tracker_new ();
  self->watch = lodge_focus_watch_new ();

  self->keys = gtk_event_controller_key_new ();
  g_signal_connect_object (self->keys, "key-pressed", G_CALLBACK (key_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keys, "key-released", G_CALLBACK (key_released_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
watch_device (LodgeDisplayKeyboard *self)
{
  static const char * const states[] = {
    "notify::caps-lock-state", "notify::num-lock-state", "notify::scroll-lock-state",
  };
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self->display)));
  GdkDevice *device = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  if (!g_set_object (&self->device, device) || device == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_signal_connect_object (device, states[i], G_CALLBACK (device_lock_state_cb), self,
                             G_CONNECT_SWAPPED);
}

/* It listens nowhere until it has a screen. */
LodgeDisplayKeyboard *
lodge_display_keyboard_new (LodgeDisplay *display)
{
  LodgeDisplayKeyboard *self = g_object_new (LODGE_TYPE_DISPLAY_KEYBOARD, NULL);

  g_assert (LODGE_IS_DISPLAY (display));

  self->display = display;
  self->focus = gtk_event_controller_focus_new ();
  g_signal_connect_object (self->focus, "enter", G_CALLBACK (focus_enter_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->focus, "leave", G_CALLBACK (focus_leave_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (display), self->focus);

  g_signal_connect_object (display, "map", G_CALLBACK (map_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (display, "unmap", G_CALLBACK (unmap_cb), self, G_CONNECT_SWAPPED);
  watch_device (self);

  return self;
}

void
lodge_display_keyboard_shut_down (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  if (self->display == NULL)
    return;

  unmap_cb (self);
  lodge_display_keyboard_set_screen (self, NULL);

  if (self->device != NULL)
    g_signal_handlers_disconnect_by_data (self->device, self);

  g_clear_object (&self->device);
  g_signal_handlers_disconnect_by_data (self->display, self);
  gtk_widget_remove_controller (GTK_WIDGET (self->display), self->focus);
  self->focus = NULL;
  self->display = NULL;
}

/* @screen is NULL where nothing may be sent. */
void
lodge_display_keyboard_set_screen (LodgeDisplayKeyboard *self,
                                   LodgeScreen          *screen)
{
  gboolean listened = self->keys_widget != NULL;

  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  if (self->screen == screen)
    return;

  lodge_key_tracker_set_screen (self->tracker, screen);

  if (self->screen != NULL)
    g_signal_handlers_disconnect_by_func (self->screen, sync_lock_keys, self);

  g_set_object (&self->screen, screen);
  update (self);

  if (screen == NULL)
    return;

  /* A guest that comes up does not know of the host's locks yet. */
  g_signal_connect_object (screen, "inputs-opened", G_CALLBACK (sync_lock_keys), self,
                           G_CONNECT_SWAPPED);

  /* Beginning to listen has done it. */
  if (listened == (self->keys_widget != NULL))
    sync_lock_keys (self);
}

void
lodge_display_keyboard_set_may_grab (LodgeDisplayKeyboard *self,
                                     gboolean              may_grab)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  self->may_grab = may_grab;
  update (self);
}

void
lodge_display_keyboard_set_release_keys (LodgeDisplayKeyboard *self,
                                         const char           *keys)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_release_keys_free (self->release_keys);
  self->release_keys = lodge_release_keys_new (keys);
}

void
lodge_display_keyboard_set_host_keys (LodgeDisplayKeyboard *self,
                                      const char * const   *accelerators)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  g_array_set_size (self->host_keys, 0);

  for (guint i = 0; accelerators != NULL && accelerators[i] != NULL; i++)
    {
      HostKey key;

      if (gtk_accelerator_parse (accelerators[i], &key.keyval, &key.modifiers) && key.keyval != 0)
        g_array_append_val (self->host_keys, key);
      else
        g_warning ("“%s” is no accelerator", accelerators[i]);
    }
}

gboolean
lodge_display_keyboard_get_focused (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  return self->focused;
}

gboolean
lodge_display_keyboard_get_grabbed (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  return self->grabbed;
}

/* The user turned to the guest again after letting go. */
void
lodge_display_keyboard_resume (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  self->let_go = FALSE;
  update (self);
}

void
lodge_display_keyboard_let_go (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  self->let_go = TRUE;
  update (self);
}

/* Something else is about to be sent: keys that wait go first. */
void
lodge_display_keyboard_flush (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_key_tracker_flush (self->tracker);
}

/* There was a click: keys that are held mean it, and do not let go of the grab. */
void
lodge_display_keyboard_clicked (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_release_keys_spoil (self->release_keys);
}

void
lodge_display_keyboard_release_all (LodgeDisplayKeyboard *self)
{
  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  lodge_key_tracker_release_all (self->tracker);
}

void
lodge_display_keyboard_send (LodgeDisplayKeyboard *self,
                             const char * const   *names)
{
  g_autoptr(LodgeKeyTracker) tracker = NULL;
  g_autoptr(GArray) scancodes = NULL;

  g_assert (LODGE_IS_DISPLAY_KEYBOARD (self));

  if (self->screen == NULL)
    return;

  scancodes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; names[i] != NULL; i++)
    {
      guint scancode = lodge_keymap_scancode_for_name (names[i]);

      if (scancode == 0)
        {
          g_warning ("There is no key “%s”", names[i]);
          return;
        }

      g_array_append_val (scancodes, scancode);
    }

  /* What the user holds would change their meaning. */
  lodge_key_tracker_release_all (self->tracker);
  tracker = lodge_key_tracker_new ();
  lodge_key_tracker_set_screen (tracker, self->screen);

  for (guint i = 0; i < scancodes->len; i++)
    lodge_key_tracker_press (tracker, g_array_index (scancodes, guint, i));

  for (guint i = scancodes->len; i > 0; i--)
    lodge_key_tracker_release (tracker, g_array_index (scancodes, guint, i - 1));
}
