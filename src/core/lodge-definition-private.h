/* lodge-definition-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-definition-usb-private.h"
#include "lodge-preferences-private.h"

G_BEGIN_DECLS

/* How a <graphics> element listens. */
typedef enum
{
  LODGE_LISTEN_NONE,
  LODGE_LISTEN_ADDRESS,
  LODGE_LISTEN_SOCKET,
} LodgeListen;

typedef struct
{
  LodgeGraphicsType  type;
  guint              index;   /* among all <graphics>, as virDomainOpenGraphicsFD() counts */
  LodgeListen        listen;
  char              *address; /* of LODGE_LISTEN_ADDRESS, or NULL for libvirt's default */
  char              *socket;  /* the path of LODGE_LISTEN_SOCKET, or NULL */
  guint16            port;
  guint16            tls_port;
  gboolean           has_password;
} LodgeGraphics;

/* What Lodge reads from the domain XML of libvirt. */
typedef struct
{
  char             *name;
  char             *title;
  char             *description;
  char             *type;            /* qemu, kvm, lxc, xen, test … */
  guint64           memory;          /* KiB, what it has now */
  guint64           maximum_memory;  /* KiB */
  guint             vcpus;
  gboolean          has_console;
  char             *console;         /* the alias of the first that has a pty, or NULL if off */
  gboolean          has_agent_channel;
  gboolean          has_sound;
  gboolean          agent_connected;
  gboolean          has_balloon;
  guint             balloon_period;  /* of its figures, seconds; 0 for none */
  guint64           video_memory;    /* KiB of all screens */
  guint64           plugged;         /* KiB that virtio-mem has added */
  guint64           plugging;        /* KiB that it shall have added */
  gboolean          cores_changed;    /* see LodgeMachine:cores-changed-live */
  char            **discs;            /* files and devices that its discs are, as paths */
  LodgeGraphics     graphics;
  LodgeUsbDefinition usb;
  LodgePreferences  preferences;
} LodgeDefinition;

LodgeDefinition *lodge_definition_parse       (const char       *xml,
                                               GError          **error);
void             lodge_definition_free        (LodgeDefinition  *self);
gboolean         lodge_definition_is_emulated (LodgeDefinition  *self);

/* lodge-definition-edit.c */
char            *lodge_definition_set_emulated (const char      *xml,
                                                gboolean         emulated,
                                                GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeDefinition, lodge_definition_free)

G_END_DECLS
