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
  LodgeUsbBroker      *broker;
  LodgeUsbPlug        *plug;
  LodgeMachine        *machine;
  GAsyncReadyCallback  callback;
  gpointer             user_data;
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->broker);
  g_object_unref (wish->plug);
  g_object_unref (wish->machine);
  g_free (wish);
}

static void
keep (Wish *wish)
{
  g_task_report_new_error (wish->broker, wish->callback, wish->user_data, lodge_usb_unmount_dialog_run_async,
                           G_IO_ERROR, G_IO_ERROR_CANCELLED, "The user wants to keep it");
  wish_free (wish);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  Wish *wish = g_object_steal_data (G_OBJECT (dialog), "lodge-wish");

  if (wish == NULL)
    return;

  if (!g_str_equal (response, "unmount"))
    {
      keep (wish);
      return;
    }

  lodge_usb_broker_unmount_and_give_async (wish->broker, wish->plug, wish->machine, wish->callback,
                                           wish->user_data);
  wish_free (wish);
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
 * Asks whether @plug is to be unmounted, unmounts it, and gives it to @machine. End it with
 * lodge_usb_broker_finish(), which says %G_IO_ERROR_CANCELLED if the user wants to keep it here.
 */
void
lodge_usb_unmount_dialog_run_async (GtkWindow           *parent,
                                    LodgeUsbBroker      *broker,
                                    LodgeUsbPlug        *plug,
                                    LodgeMachine        *machine,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autofree char *name = lodge_usb_words_dup_device (lodge_usb_plug_get_device (plug));
  g_autofree char *heading = g_strdup_printf (_("Unmount “%s” First?"), name);
  g_autofree char *body = lodge_usb_words_dup_mounts (plug);
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  Wish *wish = g_new0 (Wish, 1);

  wish->broker = g_object_ref (broker);
  wish->plug = g_object_ref (plug);
  wish->machine = g_object_ref (machine);
  wish->callback = callback;
  wish->user_data = user_data;

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "keep", _("_Keep Here"), "unmount", _("_Unmount and Give"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "unmount", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  lodge_mnemonics_name_buttons (dialog);
  lodge_dialog_heading_wrap (dialog);

  /* It goes with the dialog, which may go with its window. */
  g_object_set_data_full (G_OBJECT (dialog), "lodge-wish", wish, (GDestroyNotify)keep);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
