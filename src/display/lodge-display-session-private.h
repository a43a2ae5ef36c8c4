/* lodge-display-session-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-clipboard.h"
#include "lodge-display-session.h"
#include "lodge-file-transfer.h"
#include "lodge-spice-connection.h"
#include "lodge-spice-sound.h"

G_BEGIN_DECLS

typedef enum
{
  LODGE_DISPLAY_SESSION_PROP_0,
  LODGE_DISPLAY_SESSION_PROP_AGENT_CONNECTED,
  LODGE_DISPLAY_SESSION_PROP_AUDIO_ERROR,
  LODGE_DISPLAY_SESSION_PROP_CAN_RESIZE,
  LODGE_DISPLAY_SESSION_PROP_CAN_SEND_FILES,
  LODGE_DISPLAY_SESSION_PROP_CAN_SHARE_CLIPBOARD,
  LODGE_DISPLAY_SESSION_PROP_ENABLE_AUDIO,
  LODGE_DISPLAY_SESSION_PROP_ENABLE_USBREDIR,
  LODGE_DISPLAY_SESSION_PROP_ERROR,
  LODGE_DISPLAY_SESSION_PROP_HAS_PLAYBACK,
  LODGE_DISPLAY_SESSION_PROP_HAS_RECORD,
  LODGE_DISPLAY_SESSION_PROP_KEY_PRESS_DELAY,
  LODGE_DISPLAY_SESSION_PROP_MAX_MONITORS,
  LODGE_DISPLAY_SESSION_PROP_MOUSE_MODE,
  LODGE_DISPLAY_SESSION_PROP_NAME,
  LODGE_DISPLAY_SESSION_PROP_PLAYBACK_MUTED,
  LODGE_DISPLAY_SESSION_PROP_PLAYBACK_VOLUME,
  LODGE_DISPLAY_SESSION_PROP_RECORD_MUTED,
  LODGE_DISPLAY_SESSION_PROP_SHARE_CLIPBOARD,
  LODGE_DISPLAY_SESSION_PROP_STATE,
  LODGE_DISPLAY_SESSION_PROP_TRANSPORT_LOCAL,
  LODGE_DISPLAY_SESSION_N_PROPS
} LodgeDisplaySessionProp;

/* What a new connection starts without. */
typedef struct
{
  guint connected : 1;
  guint can_resize : 1;
  guint can_send_files : 1;
  guint can_share_clipboard : 1;
} LodgeAgentState;

struct _LodgeDisplaySession
{
  GObject               parent_instance;
  LodgeClipboard       *clipboard;
  LodgeSpiceConnection *connection;
  LodgeSpiceConnection *leaving;
  LodgeSpiceTarget     *target;
  GdkDisplay           *gdk_display;
  LodgeSpiceSound      *sound;
  SpiceUsbDeviceManager *usb;       /* once it was asked for */
  GPtrArray            *lent;      /* SpiceUsbDevice: sent, opened by others, and unknown to @usb */
  GPtrArray            *images;    /* tasks that wait for a disc image to become a device */
  GError               *error;
  char                 *name;
  GListStore           *screens;
  GPtrArray            *surfaces;
  GListStore           *transfers;
  LodgeFileTransfer    *starting_transfer;
  LodgeSessionState     state;
  LodgeMouseMode        mouse_mode;
  LodgeLockKeys         lock_keys;
  LodgeAgentState       agent;
  double                playback_volume;
  gint64                abandoned_at;
  guint                 key_press_delay;
  guint                 max_monitors;
  guint                 wanted_monitors;
  guint                 start_timeout;
  guint                 enable_audio : 1;
  guint                 enable_usbredir : 1;
  guint                 password_sent : 1;
  guint                 playback_muted : 1;
  guint                 record_muted : 1;
  guint                 share_clipboard : 1;
  guint                 transport_local : 1;
};

void                _lodge_display_session_notify              (LodgeDisplaySession     *self,
                                                                LodgeDisplaySessionProp  prop);
/* NULL while there is none, or while it cannot take anything. */
SpiceInputsChannel *_lodge_display_session_get_inputs          (LodgeDisplaySession     *self);
SpiceMainChannel   *_lodge_display_session_get_main            (LodgeDisplaySession     *self);
LodgeMouseMode      _lodge_display_session_get_mouse_mode      (LodgeDisplaySession     *self);

/* What the guest may have of the clipboard has changed. */
void                _lodge_display_session_update_clipboard    (LodgeDisplaySession     *self);

/* lodge-display-session-screens.c */
void                _lodge_display_session_add_surface_channel    (LodgeDisplaySession *self,
                                                                   SpiceChannel        *channel);
void                _lodge_display_session_remove_surface_channel (LodgeDisplaySession *self,
                                                                   SpiceChannel        *channel);
/* What all screens have in common: mouse mode, lock keys, what the agent can. */
void                _lodge_display_session_update_screens         (LodgeDisplaySession *self);
void                _lodge_display_session_inputs_opened          (LodgeDisplaySession *self);

/* lodge-display-session-agent.c */
void                _lodge_display_session_update_agent           (LodgeDisplaySession *self);

/* lodge-display-session-monitors.c */
void                _lodge_display_session_request_size           (LodgeDisplaySession *self,
                                                                   LodgeScreen         *screen,
                                                                   int                  width,
                                                                   int                  height,
                                                                   int                  width_mm,
                                                                   int                  height_mm);
void                _lodge_display_session_update_max_monitors    (LodgeDisplaySession *self);

/* lodge-display-session-sound.c */
void                _lodge_display_session_start_sound            (LodgeDisplaySession *self);
void                _lodge_display_session_stop_sound             (LodgeDisplaySession *self);
void                _lodge_display_session_set_playback           (LodgeDisplaySession *self,
                                                                   double               volume,
                                                                   gboolean             muted);
void                _lodge_display_session_set_record_muted       (LodgeDisplaySession *self,
                                                                   gboolean             muted);

/* lodge-display-session-usb.c */
void                _lodge_spice_usb_device_free                  (gpointer             data);
void                _lodge_display_session_stop_usb               (LodgeDisplaySession *self);
void                _lodge_display_session_emit_usb_changed       (LodgeDisplaySession *self);

/* lodge-display-session-transfers.c */
void                _lodge_display_session_add_transfer_channel   (LodgeDisplaySession *self,
                                                                   SpiceMainChannel    *channel);
void                _lodge_display_session_end_transfers          (LodgeDisplaySession *self);

G_END_DECLS
