/* lodge-libvirt-machine-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-libvirt-host-private.h"
#include "lodge-machine-private.h"
#include "lodge-resource-figures-private.h"

G_BEGIN_DECLS

#define LODGE_TYPE_LIBVIRT_MACHINE (lodge_libvirt_machine_get_type ())

G_DECLARE_FINAL_TYPE (LodgeLibvirtMachine, lodge_libvirt_machine, LODGE, LIBVIRT_MACHINE, LodgeMachine)

LodgeMachine *lodge_libvirt_machine_new        (LodgeLibvirtHost     *host,
                                                const char           *id);
void          lodge_libvirt_machine_set_domain (LodgeLibvirtMachine  *self,
                                                LodgeLink            *link,
                                                virDomainPtr          domain);

/* For the machine's own parts. What a call takes along to the worker: the machine may get another
 * domain meanwhile.
 */
typedef struct
{
  LodgeLink            *link;
  virDomainPtr          domain;
  guint                 number;
  guint64               value;
  guint64               second;
  gboolean              local;     /* the host is this computer */
  char                 *text;
  char                 *path;
  LodgePreferences     *preferences;
  LodgeResourceFigures *known;     /* of its resources, when the call was begun */
  GError               *failure;   /* what went wrong before the domain was looked at again */
} LodgeDomainCall;

void          lodge_domain_call_free           (LodgeDomainCall      *call);
LodgeDomainCall *
              lodge_libvirt_machine_begin      (LodgeLibvirtMachine  *self,
                                                GTask                *task);
void          lodge_libvirt_machine_run        (LodgeLibvirtMachine  *self,
                                                GTask                *task,
                                                LodgeWorkFunc         func,
                                                GDestroyNotify        result_destroy);
GPtrArray    *lodge_libvirt_read_again         (LodgeDomainCall      *call);
gboolean      lodge_libvirt_machine_finish     (LodgeMachine         *machine,
                                                GAsyncResult         *result,
                                                GError              **error);

/* lodge-libvirt-resources.c */
LodgeMachineResources *
              lodge_libvirt_resources_new      (LodgeMachine         *machine);

/* lodge-libvirt-console.c */
GIOStream    *lodge_libvirt_open_console       (virDomainPtr          domain,
                                                const char           *alias,
                                                GError              **error);

/* lodge-libvirt-screenshot.c */
GBytes       *lodge_libvirt_take_screenshot    (virDomainPtr          domain,
                                                GError              **error);

/* lodge-libvirt-graphics.c */
LodgeGraphicsAddress *
              lodge_libvirt_dup_address        (LodgeMachine         *machine,
                                                const LodgeGraphics  *graphics);
void          lodge_libvirt_open_fd_async      (LodgeMachine         *machine,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
int           lodge_libvirt_open_fd_finish     (LodgeMachine         *machine,
                                                GAsyncResult         *result,
                                                GError              **error);

/* lodge-libvirt-metadata.c */
gboolean      lodge_libvirt_write_preferences  (LodgeLink            *link,
                                                virDomainPtr          domain,
                                                const LodgePreferences *preferences,
                                                LodgePreferenceFlags  what,
                                                GError              **error);

/* lodge-libvirt-balloon.c */
gboolean      lodge_libvirt_start_with         (virDomainPtr          domain,
                                                guint64               kib,
                                                GCancellable         *cancellable,
                                                GError              **error);
void          lodge_libvirt_set_balloon_period_async
                                               (LodgeMachine         *machine,
                                                guint                 seconds,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean      lodge_libvirt_balloon_finish     (LodgeMachine         *machine,
                                                GAsyncResult         *result,
                                                GError              **error);

/* lodge-libvirt-edit.c */
typedef char   *(*LodgeDefinitionEdit)         (const char           *xml,
                                                gconstpointer         wish,
                                                GError              **error);
typedef gboolean (*LodgeDefinitionCheck)       (const char           *xml,
                                                gconstpointer         wish);

gboolean      lodge_libvirt_edit_stored        (LodgeLink            *link,
                                                virDomainPtr          domain,
                                                LodgeDefinitionEdit   edit,
                                                LodgeDefinitionCheck  check,
                                                gconstpointer         wish,
                                                GError              **error);

/* lodge-libvirt-actions.c */
gboolean      lodge_libvirt_write_emulated     (LodgeLink            *link,
                                                virDomainPtr          domain,
                                                gboolean              emulated,
                                                GError              **error);
gboolean      lodge_libvirt_perform            (virDomainPtr          domain,
                                                LodgeAction           action,
                                                GError              **error);

G_END_DECLS
