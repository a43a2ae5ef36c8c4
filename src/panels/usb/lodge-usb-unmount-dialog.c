/* lodge-usb-unmount-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-dialog-heading.h"
#include "lodge-mnemonics.h"
#include "lodge-usb-unmount-dialog.h"
#include "lodge-usb-words.h"

/* A device that this computer has mounted is given away only when the user wants it unmounted. */

typedef struct
{
  LodgeUsbPlug *plug;
  LodgeMachine *machine;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->plug);
  g_object_unref (wish->machine);
  g_free (wish);
}

static void
given_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
unmounted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Wish *wish = g_task_get_task_data (task);
  GError *error = NULL;

  if (lodge_usb_broker_finish (LODGE_USB_BROKER (object), result, &error))
    lodge_usb_broker_give_async (LODGE_USB_BROKER (object), wish->plug, wish->machine, given_cb,
                                 g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
keep (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The user wants to keep it");
}

/* The dialog went without an answer. */
static void
abandon (gpointer data)
{
  g_autoptr(GTask) task = data;

  keep (task);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  g_autoptr(GTask) task = g_object_steal_data (G_OBJECT (dialog), "lodge-task");
  Wish *wish;

  if (task == NULL)
    return;

  wish = g_task_get_task_data (task);
  if (g_str_equal (response, "unmount"))
    lodge_usb_broker_unmount_async (g_task_get_source_object (task), wish->plug, unmounted_cb,
                                    g_object_ref (task));
  else
    keep (task);
}

/* Where it is mounted is said; paths may be anything. */
static char *
dup_body (LodgeUsbPlug *plug)
{
  const LodgeUsbSafety *usage = lodge_usb_plug_get_usage (plug);
  g_autofree char *paths = g_strjoinv ("\n", usage->mount_points);
  g_autofree char *shown = g_utf8_make_valid (paths, -1);

  return g_strdup_printf (_("This computer has it mounted here, and programs may be writing to it:\n%s"), shown);
}

/**
 * lodge_usb_unmount_dialog_run_async:
 * @parent: the window in front of which it is asked
 * @broker: the broker
 * @plug: a device whose #LodgeUsbPlug:safety says that it is mounted
 * @machine: the guest that is to have it
 * @callback: called when the guest has it, or when it stays here
 * @user_data: data for @callback
 *
 * Asks whether @plug is to be unmounted, unmounts it, and gives it to @machine.
 */
void
lodge_usb_unmount_dialog_run_async (GtkWindow           *parent,
                                    LodgeUsbBroker      *broker,
                                    LodgeUsbPlug        *plug,
                                    LodgeMachine        *machine,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = g_task_new (broker, NULL, callback, user_data);
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *heading = g_strdup_printf (_("Unmount “%s” First?"), name);
  g_autofree char *body = dup_body (plug);
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  Wish *wish = g_new0 (Wish, 1);

  wish->plug = g_object_ref (plug);
  wish->machine = g_object_ref (machine);
  g_task_set_source_tag (task, lodge_usb_unmount_dialog_run_async);
  g_task_set_task_data (task, wish, wish_free);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "keep", _("_Keep Here"), "unmount", _("_Unmount and Give"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "unmount", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);

  /* It goes with the dialog, which may go with its window. */
  g_object_set_data_full (G_OBJECT (dialog), "lodge-task", task, abandon);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* %G_IO_ERROR_CANCELLED: the user wants to keep it here */
gboolean
lodge_usb_unmount_dialog_run_finish (GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
