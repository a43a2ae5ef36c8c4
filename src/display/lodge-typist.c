/* lodge-typist.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-keymap.h"
#include "lodge-typist.h"

/**
 * LodgeTypist:
 *
 * Types texts into a guest that has nothing but a keyboard, one after the other.
 */

/* A PS/2 keyboard holds 16 bytes, QEMU's USB keyboard 16 events. A character makes at most 6 of
 * either; a guest that looks at its keyboard at each tick of 100 Hz loses none.
 */
#define PACE_MS 10

typedef struct
{
  LodgeScreen *screen;
  char        *text;
  const char  *next;
  guint        n_skipped;
} Job;

struct _LodgeTypist
{
  GObject  parent_instance;
  /* Of GTask; the first is under way. */
  GQueue   tasks;
  guint    source;
};

G_DEFINE_FINAL_TYPE (LodgeTypist, lodge_typist, G_TYPE_OBJECT)

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->screen);
  g_free (job->text);
  g_free (job);
}

static void
type_key (LodgeScreen *screen,
          guint        scancode,
          gboolean     shift)
{
  if (shift)
    lodge_screen_key_press (screen, LODGE_SCANCODE_SHIFT);

  lodge_screen_key_press (screen, scancode);
  lodge_screen_key_release (screen, scancode);

  if (shift)
    lodge_screen_key_release (screen, LODGE_SCANCODE_SHIFT);
}

/* Skips what there is no key for. Returns FALSE at the end of the text. */
static gboolean
type_next (Job *job)
{
  while (*job->next != '\0')
    {
      gunichar character = g_utf8_get_char (job->next);
      gboolean caps = (lodge_screen_get_lock_keys (job->screen) & LODGE_LOCK_KEY_CAPS) != 0;
      gboolean shift;
      guint scancode;

      job->next = g_utf8_next_char (job->next);

      if (character == '\r')
        {
          if (*job->next == '\n')
            continue;

          character = '\n';
        }

      if (lodge_keymap_scancode_for_char (character, &scancode, &shift))
        {
          type_key (job->screen, scancode, shift ^ (caps && g_unichar_isalpha (character)));
          return TRUE;
        }

      job->n_skipped++;
    }

  return FALSE;
}

static gboolean
tick_cb (gpointer user_data)
{
  LodgeTypist *self = user_data;
  GTask *task = g_queue_peek_head (&self->tasks);
  gboolean more;
  Job *job;

  g_assert (LODGE_IS_TYPIST (self));
  g_assert (G_IS_TASK (task));

  job = g_task_get_task_data (task);

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)) && type_next (job))
    return G_SOURCE_CONTINUE;

  g_queue_pop_head (&self->tasks);
  more = !g_queue_is_empty (&self->tasks);

  if (!more)
    self->source = 0;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);

  /* The task may hold the last reference to the typist. */
  g_object_unref (task);

  return more;
}

static void
lodge_typist_finalize (GObject *object)
{
  LodgeTypist *self = (LodgeTypist *)object;

  /* Each task under way holds a reference to this. */
  g_assert (g_queue_is_empty (&self->tasks));
  g_assert (self->source == 0);

  G_OBJECT_CLASS (lodge_typist_parent_class)->finalize (object);
}

static void
lodge_typist_class_init (LodgeTypistClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lodge_typist_finalize;
}

static void
lodge_typist_init (LodgeTypist *self)
{
  g_queue_init (&self->tasks);
}

LodgeTypist *
lodge_typist_new (void)
{
  return g_object_new (LODGE_TYPE_TYPIST, NULL);
}

/**
 * lodge_typist_type_async:
 * @self: a typist
 * @screen: where to type
 * @text: what to type; what is no UTF-8 is skipped like other characters that have no key
 * @cancellable: (nullable): stops it between two characters
 *
 * A US keyboard is assumed in the guest, and a Caps Lock that is on there is allowed for.
 */
void
lodge_typist_type_async (LodgeTypist         *self,
                         LodgeScreen         *screen,
                         const char          *text,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (LODGE_IS_TYPIST (self));
  g_return_if_fail (LODGE_IS_SCREEN (screen));
  g_return_if_fail (text != NULL);

  job = g_new0 (Job, 1);
  job->screen = g_object_ref (screen);
  job->text = g_utf8_make_valid (text, -1);
  job->next = job->text;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lodge_typist_type_async);
  g_task_set_task_data (task, job, job_free);
  g_queue_push_tail (&self->tasks, g_steal_pointer (&task));

  if (self->source == 0)
    self->source = g_timeout_add (PACE_MS, tick_cb, self);
}

/**
 * lodge_typist_type_finish:
 * @self: a typist
 * @result: a result
 * @n_skipped: (out) (optional): characters that there is no key for
 * @error: a location for an error: %G_IO_ERROR_CANCELLED, or %G_IO_ERROR_CLOSED after
 *   lodge_typist_stop()
 *
 * Returns: whether the text was typed to its end
 */
gboolean
lodge_typist_type_finish (LodgeTypist   *self,
                          GAsyncResult  *result,
                          guint         *n_skipped,
                          GError       **error)
{
  Job *job;

  g_return_val_if_fail (LODGE_IS_TYPIST (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  job = g_task_get_task_data (G_TASK (result));

  if (n_skipped != NULL)
    *n_skipped = job->n_skipped;

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lodge_typist_stop:
 * @self: a typist
 *
 * The screen is gone: ends what is under way and what waits.
 */
void
lodge_typist_stop (LodgeTypist *self)
{
  GQueue tasks;

  g_return_if_fail (LODGE_IS_TYPIST (self));

  tasks = self->tasks;
  g_queue_init (&self->tasks);
  g_clear_handle_id (&self->source, g_source_remove);

  for (GTask *task; (task = g_queue_pop_head (&tasks)) != NULL; g_object_unref (task))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                             "The screen went away while text was typed");
}
