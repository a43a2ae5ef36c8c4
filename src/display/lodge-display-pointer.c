/* lodge-display-pointer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-display-pointer.h"
#include "lodge-pointer-lock.h"

/**
 * LodgeDisplayPointer:
 *
 * The mouse, the wheel and the touchscreen of a #LodgeDisplay.
 *
 * A guest with a tablet is told where the pointer is. A guest with a mouse is told how it moves: a
 * click locks the pointer to the display, and only from then on the guest gets it. Where the pointer
 * cannot be locked or may not be, the guest follows it as well as the edges of the picture allow.
 */

/* What a touchpad scrolls for one click of a wheel, in pixels; about a line of text, and what GTK
 * itself takes for it.
 */
#define PIXELS_A_CLICK 10.0

struct _LodgeDisplayPointer
{
  GObject             parent_instance;
  /* Not owned: it owns this, and shuts it down. */
  LodgeDisplay       *display;
  LodgeScreen        *screen;
  LodgePointerLock   *lock;
  GtkEventController *events;
  GtkEventController *motion;
  GtkEventController *scroll;
  /* The finger that is the pointer. */
  gpointer            touch;
  /* Held in the guest: 1 << (LodgeMouseButton - 1). */
  guint               buttons;
  /* What is left of motion and of the wheel after the whole steps were sent. */
  double              motion_x;
  double              motion_y;
  double              wheel;
  /* In the widget. */
  double              last_x;
  double              last_y;
  /* What the guest was told last; only to compare. */
  gconstpointer       sent_screen;
  int                 sent_x;
  int                 sent_y;
  guint               sent_buttons;
  guint               inside : 1;
  guint               may_lock : 1;
};

enum {
  PROP_0,
  PROP_LOCKED,
  N_PROPS
};

enum {
  SIGNAL_INPUT,
  SIGNAL_PRESSED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeDisplayPointer, lodge_display_pointer, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static guint
mask_for_button (LodgeMouseButton button)
{
  return 1u << (button - 1);
}

/* GDK's 4 to 7 are the wheel of X11, which arrives as scrolling. */
static LodgeMouseButton
button_for_gdk (guint button)
{
  switch (button)
    {
    case GDK_BUTTON_PRIMARY:
      return LODGE_MOUSE_BUTTON_LEFT;

    case GDK_BUTTON_MIDDLE:
      return LODGE_MOUSE_BUTTON_MIDDLE;

    case GDK_BUTTON_SECONDARY:
      return LODGE_MOUSE_BUTTON_RIGHT;

    case 8:
      return LODGE_MOUSE_BUTTON_SIDE;

    case 9:
      return LODGE_MOUSE_BUTTON_EXTRA;

    default:
      return 0;
    }
}

static gboolean
is_client_mode (LodgeDisplayPointer *self)
{
  return lodge_screen_get_mouse_mode (self->screen) == LODGE_MOUSE_MODE_CLIENT;
}

static gboolean
can_lock (LodgeDisplayPointer *self)
{
  return self->lock != NULL && self->may_lock;
}

static void
send_button (LodgeDisplayPointer *self,
             LodgeMouseButton     button,
             gboolean             pressed)
{
  g_signal_emit (self, signals[SIGNAL_INPUT], 0);

  if (pressed)
    {
      self->buttons |= mask_for_button (button);
      lodge_screen_button_press (self->screen, button, self->buttons);
    }
  else
    {
      self->buttons &= ~mask_for_button (button);
      lodge_screen_button_release (self->screen, button, self->buttons);
    }
}

static void
release_buttons (LodgeDisplayPointer *self,
                 guint                mask)
{
  for (LodgeMouseButton button = LODGE_MOUSE_BUTTON_LEFT; button <= LODGE_MOUSE_BUTTON_EXTRA; button++)
    if ((self->buttons & mask & mask_for_button (button)) != 0)
      send_button (self, button, FALSE);
}

/* The other head of the same guest that is under a point of this one, if it is in the same window:
 * what lies beyond the window is known to no one.
 */
static LodgeDisplay *
find_head_at (LodgeDisplayPointer *self,
              double               x,
              double               y,
              double              *head_x,
              double              *head_y)
{
  GtkWidget *widget = GTK_WIDGET (self->display);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  GtkWidget *head;
  LodgeScreen *screen;
  double root_x, root_y;

  if (root == NULL || !gtk_widget_translate_coordinates (widget, root, x, y, &root_x, &root_y))
    return NULL;

  if ((head = gtk_widget_pick (root, root_x, root_y, GTK_PICK_DEFAULT)) == NULL
      || (head = gtk_widget_get_ancestor (head, LODGE_TYPE_DISPLAY)) == NULL
      || head == widget
      || (screen = lodge_display_get_screen (LODGE_DISPLAY (head))) == NULL
      || lodge_screen_get_framebuffer (screen) == NULL
      || lodge_screen_get_framebuffer (screen) != lodge_screen_get_framebuffer (self->screen)
      || !gtk_widget_translate_coordinates (root, head, root_x, root_y, head_x, head_y))
    return NULL;

  return LODGE_DISPLAY (head);
}

/* The same again is left out, but not before a click: a guest that was reset may have forgotten. */
static void
send_position (LodgeDisplayPointer *self,
               double               x,
               double               y,
               gboolean             again)
{
  LodgeScreen *screen = self->screen;
  int guest_x, guest_y;

  if (!_lodge_display_pixel_at (self->display, x, y, &guest_x, &guest_y))
    {
      double head_x, head_y;
      LodgeDisplay *head;
      int other_x, other_y;

      if (self->buttons == 0)
        return;

      if ((head = find_head_at (self, x, y, &head_x, &head_y)) != NULL
          && _lodge_display_pixel_at (head, head_x, head_y, &other_x, &other_y))
        {
          screen = lodge_display_get_screen (head);
          guest_x = other_x;
          guest_y = other_y;
        }
    }

  if (!again && self->sent_screen == screen && self->sent_x == guest_x && self->sent_y == guest_y
      && self->sent_buttons == self->buttons)
    return;

  self->sent_screen = screen;
  self->sent_x = guest_x;
  self->sent_y = guest_y;
  self->sent_buttons = self->buttons;

  g_signal_emit (self, signals[SIGNAL_INPUT], 0);
  lodge_screen_pointer_position (screen, guest_x, guest_y, self->buttons);
}

/* Whole steps are sent, the rest waits for the next: slow motion adds up. */
static void
send_motion (LodgeDisplayPointer *self,
             double               dx,
             double               dy)
{
  double whole_x, whole_y;

  self->motion_x = modf (self->motion_x + dx, &whole_x);
  self->motion_y = modf (self->motion_y + dy, &whole_y);

  if (whole_x == 0 && whole_y == 0)
    return;

  g_signal_emit (self, signals[SIGNAL_INPUT], 0);
  lodge_screen_pointer_motion (self->screen, (int)whole_x, (int)whole_y, self->buttons);
}

static void
lock_motion_cb (LodgeDisplayPointer *self,
                double               dx,
                double               dy)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen != NULL && !is_client_mode (self))
    send_motion (self, dx, dy);
}

static void
lock_locked_cb (LodgeDisplayPointer *self)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (!lodge_pointer_lock_get_locked (self->lock))
    lodge_display_pointer_let_go (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

/* Made when it is needed: on Wayland it costs a round trip. */
static void
ensure_lock (LodgeDisplayPointer *self)
{
  if (self->lock != NULL || !gtk_widget_get_realized (GTK_WIDGET (self->display)))
    return;

  self->lock = lodge_pointer_lock_new (gtk_widget_get_display (GTK_WIDGET (self->display)));

  if (self->lock == NULL)
    return;

  g_signal_connect_object (self->lock, "motion", G_CALLBACK (lock_motion_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lock, "notify::locked", G_CALLBACK (lock_locked_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
reset_motion (LodgeDisplayPointer *self)
{
  self->motion_x = 0;
  self->motion_y = 0;
  self->wheel = 0;
}

/* Where the pointer cannot be locked, the guest's follows it by the same way in guest pixels. */
static void
follow (LodgeDisplayPointer *self,
        double               x,
        double               y)
{
  double scale = _lodge_display_get_scale (self->display);

  send_motion (self, (x - self->last_x) * scale, (y - self->last_y) * scale);
}

static void
moved (LodgeDisplayPointer *self,
       double               x,
       double               y)
{
  GtkWidget *widget = GTK_WIDGET (self->display);

  if (self->screen == NULL)
    return;

  if (is_client_mode (self))
    {
      send_position (self, x, y, FALSE);
    }
  else
    {
      ensure_lock (self);
      x = CLAMP (x, 0, gtk_widget_get_width (widget));
      y = CLAMP (y, 0, gtk_widget_get_height (widget));

      if (!can_lock (self) && self->inside)
        follow (self, x, y);
    }

  self->last_x = x;
  self->last_y = y;
  self->inside = TRUE;
}

/* A release that went elsewhere: GTK lets go of the pointer with the first of two buttons. */
static void
release_missed (LodgeDisplayPointer *self,
                GtkEventController  *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);
  guint mask = 0;

  if ((state & GDK_BUTTON1_MASK) == 0)
    mask |= mask_for_button (LODGE_MOUSE_BUTTON_LEFT);

  if ((state & GDK_BUTTON2_MASK) == 0)
    mask |= mask_for_button (LODGE_MOUSE_BUTTON_MIDDLE);

  if ((state & GDK_BUTTON3_MASK) == 0)
    mask |= mask_for_button (LODGE_MOUSE_BUTTON_RIGHT);

  if (self->touch == NULL)
    release_buttons (self, mask);
}

static void
motion_enter_cb (LodgeDisplayPointer *self,
                 double               x,
                 double               y,
                 GtkEventController  *controller)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  self->inside = FALSE;

  /* Where a widget comes below a pointer that rests, GTK does not know where. */
  if (gtk_event_controller_get_current_event (controller) != NULL)
    moved (self, x, y);
}

static void
motion_cb (LodgeDisplayPointer *self,
           double               x,
           double               y,
           GtkEventController  *controller)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen != NULL)
    release_missed (self, controller);

  moved (self, x, y);
}

/* GTK reports no leave while it holds the pointer for a pressed button. */
static void
motion_leave_cb (LodgeDisplayPointer *self)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  self->inside = FALSE;

  if (!lodge_display_pointer_get_locked (self) && self->touch == NULL)
    release_buttons (self, ~0u);
}

static gboolean
scroll_cb (LodgeDisplayPointer *self,
           double               dx,
           double               dy,
           GtkEventController  *controller)
{
  int x, y;

  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen == NULL)
    return GDK_EVENT_PROPAGATE;

  if (!lodge_display_pointer_get_locked (self)
      && (!_lodge_display_pixel_at (self->display, self->last_x, self->last_y, &x, &y)
          || (!is_client_mode (self) && can_lock (self))))
    return GDK_EVENT_PROPAGATE;

  if (gtk_event_controller_scroll_get_unit (GTK_EVENT_CONTROLLER_SCROLL (controller))
      == GDK_SCROLL_UNIT_SURFACE)
    dy /= PIXELS_A_CLICK;

  if (dy * self->wheel < 0)
    self->wheel = 0;

  for (self->wheel += dy; fabs (self->wheel) >= 1; self->wheel -= copysign (1, self->wheel))
    {
      LodgeMouseButton button = self->wheel > 0 ? LODGE_MOUSE_BUTTON_DOWN : LODGE_MOUSE_BUTTON_UP;

      send_button (self, button, TRUE);
      send_button (self, button, FALSE);
    }

  return GDK_EVENT_STOP;
}

static void
pressed (LodgeDisplayPointer *self,
         LodgeMouseButton     button,
         double               x,
         double               y)
{
  gboolean locked = lodge_display_pointer_get_locked (self);
  gboolean inside;
  int guest_x, guest_y;

  inside = _lodge_display_pixel_at (self->display, x, y, &guest_x, &guest_y);

  if (!inside && !locked && self->buttons == 0)
    return;

  self->last_x = x;
  self->last_y = y;
  g_signal_emit (self, signals[SIGNAL_PRESSED], 0);

  if (is_client_mode (self))
    {
      send_position (self, x, y, TRUE);
      send_button (self, button, TRUE);
      return;
    }

  ensure_lock (self);

  /* The click that takes the mouse is not meant for the guest. */
  if (locked || !can_lock (self))
    send_button (self, button, TRUE);
  else
    lodge_pointer_lock_lock (self->lock, GTK_WIDGET (self->display));
}

static void
released (LodgeDisplayPointer *self,
          LodgeMouseButton     button,
          double               x,
          double               y)
{
  if ((self->buttons & mask_for_button (button)) == 0)
    return;

  if (is_client_mode (self))
    send_position (self, x, y, FALSE);

  send_button (self, button, FALSE);
}

/* In units of the widget, although the event may go to it while the pointer is elsewhere. */
static gboolean
get_position (LodgeDisplayPointer *self,
              GdkEvent            *event,
              double              *x,
              double              *y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self->display));
  double surface_x, surface_y, native_x, native_y;

  if (native == NULL || !gdk_event_get_position (event, &surface_x, &surface_y))
    return FALSE;

  gtk_native_get_surface_transform (native, &native_x, &native_y);

  return gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self->display),
                                           surface_x - native_x, surface_y - native_y, x, y);
}

static gboolean
handle_button (LodgeDisplayPointer *self,
               GdkEvent            *event)
{
  LodgeMouseButton button = button_for_gdk (gdk_button_event_get_button (event));
  double x, y;

  if (button == 0 || !get_position (self, event, &x, &y))
    return GDK_EVENT_PROPAGATE;

  if (gdk_event_get_event_type (event) == GDK_BUTTON_PRESS)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->display));
      pressed (self, button, x, y);
    }
  else
    {
      released (self, button, x, y);
    }

  return GDK_EVENT_STOP;
}

static gboolean
event_cb (LodgeDisplayPointer *self,
          GdkEvent            *event)
{
  GdkEventType type = gdk_event_get_event_type (event);
  double x, y;

  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen == NULL)
    return GDK_EVENT_PROPAGATE;

  if (type == GDK_BUTTON_PRESS || type == GDK_BUTTON_RELEASE)
    return handle_button (self, event);

  if (type == GDK_GRAB_BROKEN)
    release_buttons (self, ~0u);

  if ((type == GDK_TOUCH_BEGIN || type == GDK_TOUCH_UPDATE || type == GDK_TOUCH_END
       || type == GDK_TOUCH_CANCEL)
      && get_position (self, event, &x, &y))
    return lodge_display_pointer_touch (self, type, gdk_event_get_event_sequence (event), x, y);

  return GDK_EVENT_PROPAGATE;
}

static void
lodge_display_pointer_finalize (GObject *object)
{
  LodgeDisplayPointer *self = (LodgeDisplayPointer *)object;

  g_assert (self->display == NULL);

  g_clear_object (&self->lock);

  G_OBJECT_CLASS (lodge_display_pointer_parent_class)->finalize (object);
}

static void
lodge_display_pointer_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LodgeDisplayPointer *self = LODGE_DISPLAY_POINTER (object);

  switch (prop_id)
    {
    case PROP_LOCKED:
      g_value_set_boolean (value, lodge_display_pointer_get_locked (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_display_pointer_class_init (LodgeDisplayPointerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_display_pointer_finalize;
  object_class->get_property = lodge_display_pointer_get_property;

  properties[PROP_LOCKED] =
    g_param_spec_boolean ("locked", NULL, NULL, FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* Something is about to be sent. */
  signals[SIGNAL_INPUT] =
    g_signal_new ("input", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /* A button or a finger goes down on the picture. */
  signals[SIGNAL_PRESSED] =
    g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_display_pointer_init (LodgeDisplayPointer *self)
{
  self->may_lock = TRUE;
}

LodgeDisplayPointer *
lodge_display_pointer_new (LodgeDisplay *display)
{
  LodgeDisplayPointer *self = g_object_new (LODGE_TYPE_DISPLAY_POINTER, NULL);
  GtkWidget *widget = GTK_WIDGET (display);

  g_assert (LODGE_IS_DISPLAY (display));

  self->display = display;

  self->events = gtk_event_controller_legacy_new ();
  g_signal_connect_object (self->events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, self->events);

  self->motion = gtk_event_controller_motion_new ();
  g_signal_connect_object (self->motion, "enter", G_CALLBACK (motion_enter_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->motion, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->motion, "leave", G_CALLBACK (motion_leave_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, self->motion);

  self->scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_object (self->scroll, "scroll", G_CALLBACK (scroll_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, self->scroll);

  g_signal_connect_object (display, "unmap", G_CALLBACK (lodge_display_pointer_let_go), self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
lodge_display_pointer_shut_down (LodgeDisplayPointer *self)
{
  GtkWidget *widget;

  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->display == NULL)
    return;

  lodge_display_pointer_set_screen (self, NULL);

  widget = GTK_WIDGET (self->display);
  gtk_widget_remove_controller (widget, self->events);
  gtk_widget_remove_controller (widget, self->motion);
  gtk_widget_remove_controller (widget, self->scroll);
  g_signal_handlers_disconnect_by_data (widget, self);
  self->display = NULL;
}

/* @screen is NULL where nothing may be sent. */
void
lodge_display_pointer_set_screen (LodgeDisplayPointer *self,
                                  LodgeScreen         *screen)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen == screen)
    return;

  lodge_display_pointer_let_go (self);

  if (self->screen != NULL)
    g_signal_handlers_disconnect_by_data (self->screen, self);

  g_set_object (&self->screen, screen);

  if (screen != NULL)
    g_signal_connect_object (screen, "notify::mouse-mode",
                             G_CALLBACK (lodge_display_pointer_let_go), self, G_CONNECT_SWAPPED);
}

void
lodge_display_pointer_set_may_lock (LodgeDisplayPointer *self,
                                    gboolean             may_lock)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  self->may_lock = may_lock;

  if (!may_lock)
    lodge_display_pointer_let_go (self);
}

gboolean
lodge_display_pointer_get_locked (LodgeDisplayPointer *self)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  return self->lock != NULL && lodge_pointer_lock_get_locked (self->lock);
}

/* Unlocks the pointer, and leaves no button pressed in the guest. */
void
lodge_display_pointer_let_go (LodgeDisplayPointer *self)
{
  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen != NULL)
    release_buttons (self, ~0u);

  self->touch = NULL;
  self->sent_screen = NULL;
  reset_motion (self);

  if (self->lock != NULL)
    lodge_pointer_lock_unlock (self->lock);
}

/* One finger is the pointer with its left button down; more fingers are nothing that a tablet could
 * tell the guest.
 */
gboolean
lodge_display_pointer_touch (LodgeDisplayPointer *self,
                             GdkEventType         type,
                             gpointer             sequence,
                             double               x,
                             double               y)
{
  int guest_x, guest_y;

  g_assert (LODGE_IS_DISPLAY_POINTER (self));

  if (self->screen == NULL || !is_client_mode (self) || sequence == NULL)
    return GDK_EVENT_PROPAGATE;

  if (type == GDK_TOUCH_BEGIN)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->display));

      if (self->touch == NULL && self->buttons == 0
          && _lodge_display_pixel_at (self->display, x, y, &guest_x, &guest_y))
        {
          self->touch = sequence;
          pressed (self, LODGE_MOUSE_BUTTON_LEFT, x, y);
        }
    }
  else if (self->touch == sequence && type == GDK_TOUCH_UPDATE)
    {
      send_position (self, x, y, FALSE);
    }
  else if (self->touch == sequence)
    {
      released (self, LODGE_MOUSE_BUTTON_LEFT, x, y);
      self->touch = NULL;
    }

  return GDK_EVENT_STOP;
}
