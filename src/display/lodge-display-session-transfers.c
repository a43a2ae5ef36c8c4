/* lodge-display-session-transfers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "lodge-file-transfer-private.h"

/* Files on their way to the guest, through its agent. */

/* Those that have ended stay in the list for a while, so that the user sees how. */
#define MAX_ENDED 20

static void
lodge_display_session_trim_transfers (LodgeDisplaySession *self)
{
  guint n_ended = 0;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->transfers)); i > 0; i--)
    {
      g_autoptr(LodgeFileTransfer) transfer =
        g_list_model_get_item (G_LIST_MODEL (self->transfers), i - 1);

      if (lodge_file_transfer_get_done (transfer) && ++n_ended > MAX_ENDED)
        g_list_store_remove (self->transfers, i - 1);
    }
}

/* The library (0.42) queues its word to the agent that a transfer was cancelled or failed, but does not
 * wake the channel that sends it: until something else passes there, the guest keeps half a file. Asking
 * for the mouse mode that the library itself always asks for changes nothing, and wakes it.
 */
static void
lodge_display_session_task_finished_cb (LodgeDisplaySession   *self,
                                        GError                *error,
                                        SpiceFileTransferTask *task)
{
  SpiceMainChannel *channel = _lodge_display_session_get_main (self);

  if (error != NULL && channel != NULL)
    spice_main_channel_request_mouse_mode (channel, SPICE_MOUSE_MODE_CLIENT);
}

static void
lodge_display_session_new_task_cb (LodgeDisplaySession   *self,
                                   SpiceFileTransferTask *task)
{
  g_signal_connect_object (task, "finished",
                           G_CALLBACK (lodge_display_session_task_finished_cb), self,
                           G_CONNECT_SWAPPED);

  if (self->starting_transfer != NULL)
    _lodge_file_transfer_follow (self->starting_transfer, task);
}

/* One operation a file, so that each is cancelled and fails by itself. */
static void
lodge_display_session_send_file (LodgeDisplaySession *self,
                                 GFile               *file)
{
  g_autoptr(LodgeFileTransfer) transfer = _lodge_file_transfer_new (file);
  SpiceMainChannel *channel = _lodge_display_session_get_main (self);
  GFile *files[] = { file, NULL };

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_list_store_append (self->transfers, transfer);
  g_signal_connect_object (transfer, "notify::done",
                           G_CALLBACK (lodge_display_session_trim_transfers), self,
                           G_CONNECT_SWAPPED);

  if (channel == NULL || !self->agent.can_send_files)
    {
      g_autoptr(GError) error = g_error_new_literal (LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_FAILED,
                                                     "The guest takes no files now");

      _lodge_file_transfer_end (transfer, error);
      return;
    }

  /* The library tells of its task while it starts. */
  self->starting_transfer = transfer;
  spice_main_channel_file_copy_async (channel, files, G_FILE_COPY_NONE,
                                      _lodge_file_transfer_get_cancellable (transfer),
                                      NULL, NULL, NULL, NULL);
  self->starting_transfer = NULL;
}

void
_lodge_display_session_add_transfer_channel (LodgeDisplaySession *self,
                                             SpiceMainChannel    *channel)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_signal_connect_object (channel, "new-file-transfer",
                           G_CALLBACK (lodge_display_session_new_task_cb), self,
                           G_CONNECT_SWAPPED);
}

/* The connection has gone, and with it what was under way. */
void
_lodge_display_session_end_transfers (LodgeDisplaySession *self)
{
  g_autoptr(GPtrArray) transfers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  guint n_transfers = g_list_model_get_n_items (G_LIST_MODEL (self->transfers));

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = 0; i < n_transfers; i++)
    g_ptr_array_add (transfers, g_list_model_get_item (G_LIST_MODEL (self->transfers), i));

  error = g_error_new_literal (LODGE_SESSION_ERROR, LODGE_SESSION_ERROR_ENDED,
                               "The connection to the guest ended");

  /* From a copy: each end may shorten the list. */
  for (guint i = 0; i < transfers->len; i++)
    {
      LodgeFileTransfer *transfer = g_ptr_array_index (transfers, i);

      if (lodge_file_transfer_get_done (transfer))
        continue;

      g_cancellable_cancel (_lodge_file_transfer_get_cancellable (transfer));
      _lodge_file_transfer_end (transfer, error);
    }
}

/**
 * lodge_display_session_list_transfers:
 * @self: a session
 *
 * Returns: (transfer none): a list model of #LodgeFileTransfer, oldest first: those under way and
 *   the last 20 that ended
 */
GListModel *
lodge_display_session_list_transfers (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), NULL);

  return G_LIST_MODEL (self->transfers);
}

/**
 * lodge_display_session_send_files:
 * @self: a session
 * @files: a list model of #GFile
 *
 * Sends files to where the guest's agent puts them, all at once. Each of them appears in
 * lodge_display_session_list_transfers(), also if it fails at once.
 */
void
lodge_display_session_send_files (LodgeDisplaySession *self,
                                  GListModel          *files)
{
  guint n_files;

  g_return_if_fail (LODGE_IS_DISPLAY_SESSION (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  n_files = g_list_model_get_n_items (files);
  for (guint i = 0; i < n_files; i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      lodge_display_session_send_file (self, file);
    }
}
