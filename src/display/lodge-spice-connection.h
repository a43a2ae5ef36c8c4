/* lodge-spice-connection.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <spice-client.h>

#include "lodge-display-session.h"

G_BEGIN_DECLS

/* Where a connection leads: a source that lends sockets, or an address. */
typedef struct
{
  GObject               *source;
  LodgeOpenFdFunc        open;
  LodgeOpenFdFinishFunc  finish;
  char                  *host;
  char                  *ca_file;
  char                  *host_subject;
  guint16                port;
  guint16                tls_port;
} LodgeSpiceTarget;

void lodge_spice_target_free (LodgeSpiceTarget *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeSpiceTarget, lodge_spice_target_free)

#define LODGE_TYPE_SPICE_CONNECTION (lodge_spice_connection_get_type ())

/* One attempt to reach a server, and what came of it. It is used once: a second attempt is another
 * object, so that nothing of the first one can reach into it.
 *
 * Signals: ::opened, ::password-needed, ::ended (GError), ::channel-added (SpiceChannel),
 * ::channel-removed (SpiceChannel), ::inputs-changed (the inputs channel came up or went down), ::gone
 * (after it was stopped: nothing of it can reach the server any more).
 */
G_DECLARE_FINAL_TYPE (LodgeSpiceConnection, lodge_spice_connection, LODGE, SPICE_CONNECTION, GObject)

LodgeSpiceConnection *lodge_spice_connection_new          (const LodgeSpiceTarget *target,
                                                           const char             *password);
/* Settings go to the session before this. */
void                  lodge_spice_connection_start        (LodgeSpiceConnection   *self);
/* Lets go of the server. No signal but ::gone comes after this. */
void                  lodge_spice_connection_stop         (LodgeSpiceConnection   *self);
gboolean              lodge_spice_connection_get_gone     (LodgeSpiceConnection   *self);
SpiceSession         *lodge_spice_connection_get_session  (LodgeSpiceConnection   *self);
/* NULL before it exists and after it has gone; never keep it. */
SpiceMainChannel     *lodge_spice_connection_get_main     (LodgeSpiceConnection   *self);
/* NULL unless it can take input now. */
SpiceInputsChannel   *lodge_spice_connection_get_inputs   (LodgeSpiceConnection   *self);

G_END_DECLS
