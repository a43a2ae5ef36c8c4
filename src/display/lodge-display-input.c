/* lodge-display-input.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-input-private.h"
#include "lodge-display-keyboard.h"
#include "lodge-display-pointer.h"
#include "lodge-typist.h"

/**
 * LodgeDisplayInput:
 *
 * The hands of a #LodgeDisplay: brings its keyboard and its pointer together.
 */

struct _LodgeDisplayInput
{
  GObject               parent_instance;
  /* Not owned: it owns this, and shuts it down. */
  LodgeDisplay         *display;
  /* The display's, whether anything may be sent to it or not. */
  LodgeScreen          *screen;
  LodgeDisplayKeyboard *keyboard;
  LodgeDisplayPointer  *pointer;
  LodgeTypist          *typist;
};

G_DEFINE_FINAL_TYPE (LodgeDisplayInput, lodge_display_input, G_TYPE_OBJECT)

static void
report_grabbed (LodgeDisplayInput *self)
{
  LodgeGrab grabbed = LODGE_GRAB_NONE;

  g_assert (LODGE_IS_DISPLAY_INPUT (self));

  if (lodge_display_keyboard_get_grabbed (self->keyboard))
    grabbed |= LODGE_GRAB_KEYBOARD;

  if (lodge_display_pointer_get_locked (self->pointer))
    grabbed |= LODGE_GRAB_POINTER;

  _lodge_display_set_grabbed (self->display, grabbed);
}

static void
keyboard_focused_cb (LodgeDisplayInput *self)
{
  g_assert (LODGE_IS_DISPLAY_INPUT (self));

  if (!lodge_display_keyboard_get_focused (self->keyboard))
    lodge_display_pointer_let_go (self->pointer);
}

static void
pointer_input_cb (LodgeDisplayInput *self)
{
  g_assert (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_keyboard_flush (self->keyboard);
}

static void
pointer_pressed_cb (LodgeDisplayInput *self)
{
  g_assert (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_keyboard_clicked (self->keyboard);
  lodge_display_keyboard_resume (self->keyboard);
}

static void
display_root_cb (LodgeDisplayInput *self)
{
  g_assert (LODGE_IS_DISPLAY_INPUT (self));

  if (gtk_widget_get_root (GTK_WIDGET (self->display)) == NULL)
    lodge_typist_stop (self->typist);
}

static void
lodge_display_input_finalize (GObject *object)
{
  LodgeDisplayInput *self = (LodgeDisplayInput *)object;

  g_assert (self->display == NULL);

  g_clear_object (&self->keyboard);
  g_clear_object (&self->pointer);
  g_clear_object (&self->typist);

  G_OBJECT_CLASS (lodge_display_input_parent_class)->finalize (object);
}

static void
lodge_display_input_class_init (LodgeDisplayInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lodge_display_input_finalize;
}

static void
lodge_display_input_init (LodgeDisplayInput *self)
{
  self->typist = lodge_typist_new ();
}

/**
 * lodge_display_input_new:
 * @display: the display whose hands these are; it is not kept alive
 *
 * Returns: (transfer full): hands that do nothing until lodge_display_input_update()
 */
LodgeDisplayInput *
lodge_display_input_new (LodgeDisplay *display)
{
  LodgeDisplayInput *self;

  g_return_val_if_fail (LODGE_IS_DISPLAY (display), NULL);

  self = g_object_new (LODGE_TYPE_DISPLAY_INPUT, NULL);
  self->display = display;
  g_signal_connect_object (display, "notify::root", G_CALLBACK (display_root_cb), self,
                           G_CONNECT_SWAPPED);

  self->keyboard = lodge_display_keyboard_new (display);
  g_signal_connect_object (self->keyboard, "notify::focused", G_CALLBACK (keyboard_focused_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keyboard, "notify::grabbed", G_CALLBACK (report_grabbed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keyboard, "release-keys", G_CALLBACK (lodge_display_input_ungrab),
                           self, G_CONNECT_SWAPPED);

  self->pointer = lodge_display_pointer_new (display);
  g_signal_connect_object (self->pointer, "input", G_CALLBACK (pointer_input_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pointer, "notify::locked", G_CALLBACK (report_grabbed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pointer, "pressed", G_CALLBACK (pointer_pressed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * lodge_display_input_shut_down:
 * @self: the hands
 *
 * Lets go of everything and takes what was put on the display off it. For the display's dispose.
 */
void
lodge_display_input_shut_down (LodgeDisplayInput *self)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  if (self->display == NULL)
    return;

  lodge_typist_stop (self->typist);
  g_signal_handlers_disconnect_by_data (self->display, self);

  if (self->screen != NULL)
    g_signal_handlers_disconnect_by_data (self->screen, self);

  g_clear_object (&self->screen);
  lodge_display_pointer_shut_down (self->pointer);
  lodge_display_keyboard_shut_down (self->keyboard);
  self->display = NULL;
}

static gboolean
may_send (LodgeDisplayInput *self)
{
  return self->display != NULL
         && self->screen != NULL
         && !lodge_screen_get_read_only (self->screen)
         && !lodge_display_get_view_only (self->display);
}

/**
 * lodge_display_input_update:
 * @self: the hands
 *
 * To be called when the display has got another screen or another view-only.
 */
void
lodge_display_input_update (LodgeDisplayInput *self)
{
  LodgeScreen *screen;

  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));
  g_return_if_fail (self->display != NULL);

  screen = lodge_display_get_screen (self->display);

  if (self->screen != screen)
    {
      lodge_typist_stop (self->typist);

      if (self->screen != NULL)
        g_signal_handlers_disconnect_by_data (self->screen, self);

      g_set_object (&self->screen, screen);

      if (screen != NULL)
        g_signal_connect_object (screen, "notify::read-only",
                                 G_CALLBACK (lodge_display_input_update), self, G_CONNECT_SWAPPED);
    }

  if (!may_send (self))
    {
      lodge_typist_stop (self->typist);
      screen = NULL;
    }

  lodge_display_pointer_set_screen (self->pointer, screen);
  lodge_display_keyboard_set_screen (self->keyboard, screen);
}

void
lodge_display_input_set_grab_keyboard (LodgeDisplayInput *self,
                                       gboolean           allowed)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_keyboard_set_may_grab (self->keyboard, allowed);
}

void
lodge_display_input_set_grab_pointer (LodgeDisplayInput *self,
                                      gboolean           allowed)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_pointer_set_may_lock (self->pointer, allowed);
}

/**
 * lodge_display_input_set_release_keys:
 * @self: the hands
 * @keys: (nullable): see lodge_release_keys_new()
 */
void
lodge_display_input_set_release_keys (LodgeDisplayInput *self,
                                      const char        *keys)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_keyboard_set_release_keys (self->keyboard, keys);
}

/**
 * lodge_display_input_set_host_keys:
 * @self: the hands
 * @accelerators: (nullable): as in gtk_accelerator_parse()
 */
void
lodge_display_input_set_host_keys (LodgeDisplayInput  *self,
                                   const char * const *accelerators)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_keyboard_set_host_keys (self->keyboard, accelerators);
}

/**
 * lodge_display_input_ungrab:
 * @self: the hands
 *
 * Gives keyboard and pointer back to the host, until the user clicks on the picture or comes back
 * to it.
 */
void
lodge_display_input_ungrab (LodgeDisplayInput *self)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));

  lodge_display_pointer_let_go (self->pointer);
  lodge_display_keyboard_let_go (self->keyboard);
}

/**
 * lodge_display_input_send_keys:
 * @self: the hands
 * @names: as in lodge_keymap_scancode_for_name(), %NULL-terminated
 *
 * Presses the keys in order and releases them in reverse.
 */
void
lodge_display_input_send_keys (LodgeDisplayInput  *self,
                               const char * const *names)
{
  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));
  g_return_if_fail (names != NULL);

  lodge_display_keyboard_send (self->keyboard, names);
}

static void
text_typed_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  guint n_skipped;
  gboolean typed = lodge_typist_type_finish (LODGE_TYPIST (object), result, &n_skipped, &error);

  g_task_set_task_data (task, GUINT_TO_POINTER (n_skipped), NULL);

  if (typed)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * lodge_display_input_type_text_async:
 * @self: the hands
 * @text: what to type, on a US keyboard
 * @cancellable: (nullable): stops it between two characters
 *
 * See lodge_typist_type_async(). The display is the source of the result, and is kept alive until
 * then; it ends with an error when the display is taken out of its window.
 */
void
lodge_display_input_type_text_async (LodgeDisplayInput   *self,
                                     const char          *text,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LODGE_IS_DISPLAY_INPUT (self));
  g_return_if_fail (text != NULL);

  if (!may_send (self))
    {
      g_task_report_new_error (self->display, callback, user_data, lodge_display_input_type_text_async,
                               G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                               "The screen takes no input");
      return;
    }

  task = g_task_new (self->display, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_display_input_type_text_async);
  lodge_display_keyboard_release_all (self->keyboard);
  lodge_typist_type_async (self->typist, self->screen, text, cancellable, text_typed_cb,
                           g_steal_pointer (&task));
}

gboolean
lodge_display_input_type_text_finish (LodgeDisplayInput  *self,
                                      GAsyncResult       *result,
                                      guint              *n_skipped,
                                      GError            **error)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_INPUT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self->display), FALSE);

  if (n_skipped != NULL)
    *n_skipped = GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result)));

  return g_task_propagate_boolean (G_TASK (result), error);
}
