/* lodge-display-session.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-screen.h"

G_BEGIN_DECLS

/**
 * LodgeSessionState:
 * @LODGE_SESSION_STATE_IDLE: nothing was opened yet, or it was closed on request
 * @LODGE_SESSION_STATE_CONNECTING: on the way
 * @LODGE_SESSION_STATE_PASSWORD: the server wants a password; see lodge_display_session_authenticate()
 * @LODGE_SESSION_STATE_CONNECTED: connected
 * @LODGE_SESSION_STATE_LOST: the connection ended without being asked to; error tells why. Nothing
 *   is retried by itself
 */
typedef enum
{
  LODGE_SESSION_STATE_IDLE,
  LODGE_SESSION_STATE_CONNECTING,
  LODGE_SESSION_STATE_PASSWORD,
  LODGE_SESSION_STATE_CONNECTED,
  LODGE_SESSION_STATE_LOST,
} LodgeSessionState;

#define LODGE_SESSION_ERROR (lodge_session_error_quark ())

/**
 * LodgeSessionError:
 * @LODGE_SESSION_ERROR_FAILED: none of the others
 * @LODGE_SESSION_ERROR_CONNECT: no connection could be made
 * @LODGE_SESSION_ERROR_TLS: TLS failed: certificate or subject
 * @LODGE_SESSION_ERROR_PASSWORD: the password was wrong
 * @LODGE_SESSION_ERROR_ENDED: the server went away
 * @LODGE_SESSION_ERROR_TAKEN_OVER: another client took the guest's screen over
 */
typedef enum
{
  LODGE_SESSION_ERROR_FAILED,
  LODGE_SESSION_ERROR_CONNECT,
  LODGE_SESSION_ERROR_TLS,
  LODGE_SESSION_ERROR_PASSWORD,
  LODGE_SESSION_ERROR_ENDED,
  LODGE_SESSION_ERROR_TAKEN_OVER,
} LodgeSessionError;

GQuark lodge_session_error_quark (void) G_GNUC_CONST;

/* A function pair that gives a connected socket for one more channel: -1 and an error, or a file
 * descriptor that is the session's from then on.
 */
typedef void (*LodgeOpenFdFunc)       (gpointer              source,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
typedef int  (*LodgeOpenFdFinishFunc) (gpointer              source,
                                       GAsyncResult         *result,
                                       GError              **error);

#define LODGE_TYPE_DISPLAY_SESSION (lodge_display_session_get_type ())

/* One guest's desktop: its screens, agent, clipboard, sound, file transfers.
 *
 * Properties (notify): state, error (GError boxed, nullable), name (string: the server's name of
 * the guest), agent-connected (boolean), can-resize, can-share-clipboard, can-send-files
 * (booleans: the agent says so), share-clipboard (boolean, read-write, default TRUE), clipboard
 * direction is both; has-playback, has-record (booleans: the guest opened such a channel),
 * playback-volume (double 0..1, rw), playback-muted (boolean, rw), record-muted (boolean, rw),
 * audio-error (string, nullable: why sound does not work on this side), enable-audio (rw, before
 * opening), max-monitors (uint: what the guest's video cards can drive), mouse-mode,
 * key-press-delay, transport-local (boolean), enable-usbredir (rw, before opening).
 *
 * Signal: "usb-changed": other USB devices are sent to the guest now, or could be.
 */
G_DECLARE_FINAL_TYPE (LodgeDisplaySession, lodge_display_session, LODGE, DISPLAY_SESSION, GObject)

LodgeDisplaySession *lodge_display_session_new              (void);
/* It will be opened soon: does now what would take time then. Set enable-audio before. */
void                 lodge_display_session_prepare          (LodgeDisplaySession   *self);
/* Opens with sockets that @source lends, one for each channel. Follow state. May be called again
 * after LOST or IDLE: screens that were there keep their last picture until new ones come.
 */
void                 lodge_display_session_open_with_fds    (LodgeDisplaySession   *self,
                                                             GObject               *source,
                                                             LodgeOpenFdFunc        open,
                                                             LodgeOpenFdFinishFunc  finish);
/* Opens by TCP; @tls_port wins if not 0. @ca_file and @host_subject may be NULL. */
void                 lodge_display_session_open_address     (LodgeDisplaySession   *self,
                                                             const char            *host,
                                                             guint16                port,
                                                             guint16                tls_port,
                                                             const char            *ca_file,
                                                             const char            *host_subject);
void                 lodge_display_session_authenticate     (LodgeDisplaySession   *self,
                                                             const char            *password);
void                 lodge_display_session_close            (LodgeDisplaySession   *self);
LodgeSessionState    lodge_display_session_get_state        (LodgeDisplaySession   *self);
const GError        *lodge_display_session_get_error        (LodgeDisplaySession   *self);
GListModel          *lodge_display_session_list_screens     (LodgeDisplaySession   *self);
guint                lodge_display_session_get_max_monitors (LodgeDisplaySession   *self);
void                 lodge_display_session_set_monitor_wanted (LodgeDisplaySession *self,
                                                               int                  id,
                                                               gboolean             wanted);
/* Of LodgeFileTransfer, those under way and the last ones that ended. */
GListModel          *lodge_display_session_list_transfers   (LodgeDisplaySession   *self);
void                 lodge_display_session_send_files       (LodgeDisplaySession   *self,
                                                             GListModel            *files);
gboolean             lodge_display_session_get_agent_connected   (LodgeDisplaySession *self);
gboolean             lodge_display_session_get_can_send_files    (LodgeDisplaySession *self);
/* USB devices of this computer, by bus and address. */
typedef void (*LodgeUsbSentFunc) (guint    bus,
                                  guint    address,
                                  gpointer user_data);
gboolean             lodge_display_session_can_send_usb     (LodgeDisplaySession   *self,
                                                             guint                  bus,
                                                             guint                  address,
                                                             GError               **error);
void                 lodge_display_session_send_usb_async   (LodgeDisplaySession   *self,
                                                             guint                  bus,
                                                             guint                  address,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
void                 lodge_display_session_send_usb_fd_async (LodgeDisplaySession  *self,
                                                             int                    fd,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
void                 lodge_display_session_insert_image_async (LodgeDisplaySession *self,
                                                             const char            *path,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
void                 lodge_display_session_call_usb_back_async  (LodgeDisplaySession *self,
                                                             guint                  bus,
                                                             guint                  address,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
/* Ends any of these. */
gboolean             lodge_display_session_finish_usb       (LodgeDisplaySession   *self,
                                                             GAsyncResult          *result,
                                                             GError               **error);
void                 lodge_display_session_foreach_usb      (LodgeDisplaySession   *self,
                                                             LodgeUsbSentFunc       func,
                                                             gpointer               user_data);
gboolean             lodge_display_session_sends_usb        (LodgeDisplaySession   *self);
/* Binds the guest's clipboards to those of @display (a GdkDisplay); NULL lets go. */
void                 lodge_display_session_set_gdk_display  (LodgeDisplaySession   *self,
                                                             GdkDisplay            *display);

G_END_DECLS
