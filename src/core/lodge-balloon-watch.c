/* lodge-balloon-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-balloon-watch-private.h"
#include "lodge-machine-private.h"
#include "lodge-machine-resources-private.h"

/*
 * LodgeBalloonWatch:
 *
 * Has a guest's balloon tell figures while somebody wants them. A period that
 * the definition has is left as it is; one that Lodge has set is taken back,
 * unless LodgeMachineResources needs the figures, too.
 */

typedef struct
{
  LodgeMachine *machine;   /* borrowed: it owns this */
  int           run;
  gboolean      wanted;
  gboolean      tried;     /* in this run */
  gboolean      ours;      /* we have set the period of this run */
  gboolean      busy;
} LodgeBalloonWatch;

static void update (LodgeBalloonWatch *self);

static LodgeBalloonWatch *
get_watch (LodgeMachine *machine)
{
  static GQuark quark;
  LodgeBalloonWatch *self;

  if (quark == 0)
    quark = g_quark_from_static_string ("lodge-balloon-watch");

  self = g_object_get_qdata (G_OBJECT (machine), quark);
  if (self == NULL)
    {
      self = g_new0 (LodgeBalloonWatch, 1);
      self->machine = machine;
      g_object_set_qdata_full (G_OBJECT (machine), quark, self, g_free);
    }

  return self;
}

static void
period_set_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  LodgeBalloonWatch *self = get_watch (LODGE_MACHINE (object));
  gboolean on = GPOINTER_TO_INT (user_data);
  g_autoptr(GError) error = NULL;

  self->busy = FALSE;

  /* Without figures of its own a guest is judged by what QEMU occupies. */
  if (!_lodge_machine_balloon_finish (self->machine, result, &error))
    g_debug ("The balloon tells nothing: %s", error->message);
  else
    self->ours = on;

  update (self);
}

static void
update (LodgeBalloonWatch *self)
{
  const LodgeDefinition *definition = _lodge_machine_get_definition (self->machine);

  if (self->busy || self->run == 0 || definition == NULL)
    return;

  if (self->wanted && !self->tried)
    {
      self->tried = TRUE;
      if (!definition->has_balloon || definition->balloon_period != 0)
        return;

      self->busy = TRUE;
      _lodge_machine_set_balloon_period_async (self->machine, LODGE_BALLOON_PERIOD, NULL,
                                               period_set_cb, GINT_TO_POINTER (TRUE));
    }
  else if (!self->wanted && self->ours && !_lodge_machine_has_resources (self->machine))
    {
      self->tried = FALSE;
      self->ours = FALSE;
      self->busy = TRUE;
      _lodge_machine_set_balloon_period_async (self->machine, 0, NULL,
                                               period_set_cb, GINT_TO_POINTER (FALSE));
    }
}

void
_lodge_balloon_watch_update (LodgeMachine *machine,
                             gboolean      wanted,
                             int           run)
{
  LodgeBalloonWatch *self = get_watch (machine);

  g_assert (LODGE_IS_MACHINE (machine));

  if (self->run != run)
    {
      self->run = run;
      self->tried = FALSE;
      self->ours = FALSE;
    }

  self->wanted = wanted;
  update (self);
}
