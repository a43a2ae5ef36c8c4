/* lodge-resource-figures.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-definition-growth-private.h"
#include "lodge-resource-figures-private.h"

/* The arithmetic of a machine's memory and cores: facts in, figures out. */

#define MEBIBYTE G_GUINT64_CONSTANT (1024)
#define GIBIBYTE (1024 * MEBIBYTE)

/* Below this a kernel does nothing sensible any more, whatever it says. */
#define LEAST_MEMORY (32 * MEBIBYTE)

LodgeResourceFacts *
lodge_resource_facts_new (void)
{
  LodgeResourceFacts *facts = g_new0 (LodgeResourceFacts, 1);

  facts->usable = LODGE_NOT_KNOWN;
  facts->available = LODGE_NOT_KNOWN;
  facts->guest_offline = LODGE_NOT_KNOWN;

  return facts;
}

void
lodge_resource_facts_free (LodgeResourceFacts *facts)
{
  g_clear_pointer (&facts->live, lodge_resource_definition_free);
  g_clear_pointer (&facts->stored, lodge_resource_definition_free);
  g_clear_error (&facts->failure);
  g_free (facts);
}

/* The least that a guest must keep: what it uses, and a tenth of that or 64 MiB. @reached less
 * @usable is what its programs and its kernel hold, whether or not the guest counts the balloon as
 * used (virtio, "5.5.6.4 Memory Statistics Tags").
 */
guint64
lodge_memory_floor (guint64 reached,
                    guint64 usable)
{
  guint64 used, floor;

  if (usable > reached)
    usable = reached;

  used = reached - usable;
  floor = used + MAX (used / 10, 64 * MEBIBYTE);

  return MAX (floor, LEAST_MEMORY);
}

/* A guest that says nothing may use all it has; taking from the first GiB would be a gamble. */
static guint64
assume_floor (guint64 boot)
{
  return MIN (boot, MAX (GIBIBYTE, boot / 4));
}

/* How @kib are made up: first the boot memory, then what virtio-mem adds, in whole blocks. */
void
lodge_memory_split (const LodgeResourceDefinition *definition,
                    guint64                        kib,
                    guint64                       *balloon,
                    guint64                       *plugged)
{
  guint64 boot = lodge_resource_definition_get_boot (definition);
  guint64 rest = kib > boot ? kib - boot : 0;

  *balloon = MIN (kib, boot);
  *plugged = 0;

  for (guint i = 0; i < definition->devices->len; i++)
    {
      const LodgeMemoryDevice *device = g_ptr_array_index (definition->devices, i);
      guint64 take = MIN (rest, device->size) / device->block * device->block;

      *plugged += take;
      rest -= take;
    }
}

/* Control groups of version 1 count from 2, with 1024 as normal; version 2 from 1, with 100. */
guint64
lodge_priority_get_shares (LodgePriority priority,
                           gboolean      unified)
{
  guint64 normal = unified ? 100 : 1024;

  switch (priority)
    {
    case LODGE_PRIORITY_BACKGROUND:
      return normal / 4;

    case LODGE_PRIORITY_FIRST:
      return normal * 4;

    case LODGE_PRIORITY_NORMAL:
    default:
      return normal;
    }
}

/* The nearest: others write other numbers. */
LodgePriority
lodge_priority_from_shares (guint64  shares,
                            gboolean unified)
{
  guint64 normal = lodge_priority_get_shares (LODGE_PRIORITY_NORMAL, unified);

  if (shares == 0)
    return LODGE_PRIORITY_NORMAL;
  if (shares <= normal / 2)
    return LODGE_PRIORITY_BACKGROUND;

  return shares >= normal * 2 ? LODGE_PRIORITY_FIRST : LODGE_PRIORITY_NORMAL;
}

static guint64
total_of (const LodgeResourceDefinition *definition)
{
  guint64 boot = lodge_resource_definition_get_boot (definition);

  return MIN (definition->current, boot) +
         lodge_resource_definition_get_plugged (definition, FALSE);
}

static guint64
step_of (const LodgeResourceDefinition *definition)
{
  guint64 step = MEBIBYTE;

  for (guint i = 0; i < definition->devices->len; i++)
    step = MAX (step, ((LodgeMemoryDevice *)g_ptr_array_index (definition->devices, i))->block);

  return step;
}

/* 1/1000 cores. A quota of each virtual core and one of the whole may both be set. */
static guint64
cap_of (const LodgeResourceDefinition *definition)
{
  guint64 period = definition->period != 0 ? definition->period : 100000;
  guint64 global_period = definition->global_period != 0 ? definition->global_period : 100000;
  guint64 cap = 0;

  if (definition->quota > 0)
    cap = 1000 * (guint64)definition->quota / period * definition->vcpus;
  if (definition->global_quota > 0)
    {
      guint64 global = 1000 * (guint64)definition->global_quota / global_period;

      cap = cap != 0 ? MIN (cap, global) : global;
    }

  return cap < 1000 * (guint64)definition->vcpus ? cap : 0;
}

static LodgeObstacle
common_obstacle (const LodgeResourceFacts *facts)
{
  if (!facts->can_change)
    return LODGE_OBSTACLE_DRIVER;
  if (facts->stored == NULL)
    return LODGE_OBSTACLE_TRANSIENT;
  if (facts->saved)
    return LODGE_OBSTACLE_SAVED;

  return LODGE_OBSTACLE_NONE;
}

static LodgeObstacle
memory_obstacle (const LodgeResourceFacts *facts)
{
  LodgeObstacle obstacle = common_obstacle (facts);
  const LodgeResourceDefinition *definition = facts->live != NULL ? facts->live : facts->stored;

  if (obstacle != LODGE_OBSTACLE_NONE)
    return obstacle;
  if (definition->pinned)
    return LODGE_OBSTACLE_PINNED_NUMA;
  if (definition->passthrough)
    return LODGE_OBSTACLE_PASSTHROUGH;
  if (definition->locked)
    return LODGE_OBSTACLE_LOCKED_MEMORY;

  return LODGE_OBSTACLE_NONE;
}

static LodgeObstacle
memory_way_obstacle (const LodgeResourceFacts *facts)
{
  if (facts->live == NULL)
    return LODGE_OBSTACLE_NONE;
  if (facts->live->huge_pages)
    return LODGE_OBSTACLE_HUGE_PAGES;
  if (!facts->live->has_balloon && facts->live->devices->len == 0)
    return LODGE_OBSTACLE_NO_BALLOON;

  return LODGE_OBSTACLE_NONE;
}

static LodgeWays
find_ways (const LodgeResourceFacts *facts)
{
  const LodgeResourceDefinition *live = facts->live;
  LodgeWays ways = LODGE_WAY_NONE;

  if (live == NULL)
    return ways;
  if (live->has_balloon)
    ways |= LODGE_WAY_BALLOON;
  if (live->devices->len > 0)
    ways |= LODGE_WAY_VIRTIO_MEM;
  if (live->vcpus < live->vcpus_maximum)
    ways |= LODGE_WAY_PLUG;

  /* QEMU loses track of a core that it took out under software emulation, and dies when it is
   * plugged in again (7.2 and 10.0).
   */
  if (live->vcpus_removable > 0 && g_strcmp0 (live->type, "kvm") == 0)
    ways |= LODGE_WAY_UNPLUG;
  if (live->agent_connected && !facts->agent_hangs)
    ways |= LODGE_WAY_AGENT;
  if (facts->tuning == LODGE_OBSTACLE_NONE)
    ways |= LODGE_WAY_QUOTA;

  return ways;
}

static void
read_stored (LodgeResourceFigures          *self,
             const LodgeResourceDefinition *stored)
{
  self->memory_stored = total_of (stored);
  self->memory_stored_maximum = stored->memory;
  self->vcpus_stored = stored->vcpus;
  self->vcpus_stored_maximum = stored->vcpus_maximum;
}

/* What the guest told before its memory changed says nothing of what it needs of what it has now:
 * taken for it, what it had just been given would count as used, and what was taken away as free.
 * Until it tells more, its floor is what it was.
 */
static void
read_floor (LodgeResourceFigures       *self,
            const LodgeResourceFacts   *facts,
            const LodgeResourceFigures *before)
{
  gboolean known = before->memory_floor_source == LODGE_FLOOR_GUEST;

  self->memory_used = self->memory_reached - self->memory_offline;
  self->outdated = before->outdated;
  if (known && before->memory_used != self->memory_used)
    self->outdated = facts->told;

  if (facts->usable == LODGE_NOT_KNOWN || facts->available == LODGE_NOT_KNOWN ||
      (facts->told != 0 && facts->told == self->outdated))
    {
      if (!known)
        return;

      self->memory_floor = before->memory_floor;
    }
  else
    self->memory_floor = lodge_memory_floor (self->memory_used, facts->usable);

  self->memory_floor_source = LODGE_FLOOR_GUEST;
}

static void
read_live_memory (LodgeResourceFigures       *self,
                  const LodgeResourceFacts   *facts,
                  const LodgeResourceFigures *before)
{
  const LodgeResourceDefinition *live = facts->live;
  guint64 plugged = lodge_resource_definition_get_plugged (live, TRUE);
  guint64 balloon = facts->balloon != 0 ? facts->balloon : MIN (live->current, self->memory_boot);

  self->memory_reached = balloon + plugged;
  self->memory_offline = facts->guest_offline != LODGE_NOT_KNOWN
                         ? MIN (facts->guest_offline, plugged) : 0;
  read_floor (self, facts, before);
}

static void
read_cores (LodgeResourceFigures     *self,
            const LodgeResourceFacts *facts)
{
  const LodgeResourceDefinition *live = facts->live;

  self->cores_cap = cap_of (live);
  self->vcpus_reached = live->vcpus;

  if (facts->guest_vcpus != 0 && facts->guest_vcpus < live->vcpus)
    {
      self->vcpus_offline = live->vcpus - facts->guest_vcpus;
      self->vcpus_reached = facts->guest_vcpus;
    }

  if (self->cores_cap != 0)
    self->vcpus_reached = MIN (self->vcpus_reached, (self->cores_cap + 999) / 1000);
}

static LodgeObstacle
vcpus_obstacle (const LodgeResourceFacts *facts,
                LodgeWays                 ways)
{
  LodgeObstacle obstacle = common_obstacle (facts);

  if (obstacle != LODGE_OBSTACLE_NONE || facts->live == NULL)
    return obstacle;
  if (facts->live->vcpus_maximum <= 1)
    return LODGE_OBSTACLE_ONE_CORE;
  if ((ways & (LODGE_WAY_PLUG | LODGE_WAY_UNPLUG | LODGE_WAY_AGENT | LODGE_WAY_QUOTA)) == 0)
    return facts->tuning == LODGE_OBSTACLE_SESSION ? LODGE_OBSTACLE_SESSION : LODGE_OBSTACLE_NO_WAY;

  return LODGE_OBSTACLE_NONE;
}

static LodgeObstacle
growth_obstacle (const LodgeResourceFacts *facts)
{
  LodgeObstacle obstacle = common_obstacle (facts);

  if (obstacle != LODGE_OBSTACLE_NONE && obstacle != LODGE_OBSTACLE_SAVED)
    return obstacle;

  return lodge_definition_growth_obstacle (facts->stored);
}

/* Fills in all that comes from @facts: everything but what was asked, and how far that is. @self has
 * the figures of the last look, or zeroes.
 */
void
lodge_resource_figures_read (LodgeResourceFigures     *self,
                             const LodgeResourceFacts *facts)
{
  const LodgeResourceDefinition *definition = facts->live != NULL ? facts->live : facts->stored;
  LodgeResourceFigures before = *self;

  g_return_if_fail (definition != NULL);

  *self = (LodgeResourceFigures){
    .ready = TRUE,
    .memory_asked = before.memory_asked,
    .memory_state = before.memory_state,
    .vcpus_asked = before.vcpus_asked,
  };

  self->ways = find_ways (facts);
  self->memory_boot = lodge_resource_definition_get_boot (definition);
  self->memory_live_maximum = definition->memory;
  self->memory_step = step_of (definition);
  self->memory_floor = assume_floor (self->memory_boot);
  self->memory_floor_source = LODGE_FLOOR_ASSUMED;
  self->vcpus_maximum = definition->vcpus_maximum;
  self->agent_hangs = facts->agent_hangs;

  if (facts->stored != NULL)
    read_stored (self, facts->stored);

  if (facts->live != NULL)
    {
      read_live_memory (self, facts, &before);
      read_cores (self, facts);
    }
  else
    {
      self->memory_reached = self->memory_stored;
      self->vcpus_reached = self->vcpus_stored;
      self->memory_floor = LEAST_MEMORY;
    }

  self->memory_obstacle = memory_obstacle (facts);
  self->memory_way_obstacle = memory_way_obstacle (facts);
  self->growth_obstacle = growth_obstacle (facts);
  self->growth_prepared = facts->stored != NULL && facts->stored->devices->len > 0;
  self->vcpus_obstacle = vcpus_obstacle (facts, self->ways);
  self->priority = lodge_priority_from_shares (facts->shares, facts->unified);
  self->priority_obstacle = common_obstacle (facts) != LODGE_OBSTACLE_NONE
                            ? common_obstacle (facts) : facts->tuning;
}

/* The nearest to @kib that may be asked for. */
guint64
lodge_resource_figures_clamp_memory (LodgeResourceFigures *self,
                                     guint64               kib)
{
  guint64 floor = MIN (self->memory_floor, self->memory_live_maximum);

  kib = MAX (kib, floor);

  /* The balloon counts in MiB here, virtio-mem in its blocks on top of the boot memory. */
  if (kib > self->memory_boot)
    {
      guint64 step = MAX (self->memory_step, 1);

      kib = self->memory_boot + (kib - self->memory_boot + step / 2) / step * step;
    }

  return MIN (kib, self->memory_live_maximum);
}
