/* lodge-resource-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "lodge-error.h"
#include "lodge-quantity.h"
#include "lodge-resource-words.h"

#define KIB_PER_GIB (1024.0 * 1024.0)

double
lodge_resource_gib_from_kib (guint64 kib)
{
  return kib / KIB_PER_GIB;
}

guint64
lodge_resource_kib_from_gib (double gib)
{
  return (guint64)llround (gib * KIB_PER_GIB);
}

char *
lodge_resource_words_dup_gib (double gib)
{
  return lodge_quantity_format_memory (lodge_resource_kib_from_gib (gib));
}

char *
lodge_resource_words_dup_gib_exact (double gib)
{
  return lodge_quantity_format_memory_exact (lodge_resource_kib_from_gib (gib));
}

char *
lodge_resource_words_dup_cores (double cores)
{
  return lodge_quantity_format_cores ((guint)lround (cores * 1000));
}

/**
 * lodge_resource_words_obstacle:
 *
 * Returns: (nullable): why something cannot be changed and what would help, or %NULL if it can
 */
const char *
lodge_resource_words_obstacle (LodgeObstacle obstacle)
{
  switch (obstacle)
    {
    case LODGE_OBSTACLE_UNKNOWN:
      return _("Lodge is still reading what this guest has.");

    case LODGE_OBSTACLE_UNREACHABLE:
      return _("There is no connection to the host of this guest.");

    case LODGE_OBSTACLE_DRIVER:
      return _("Only guests that QEMU runs can be changed here.");

    case LODGE_OBSTACLE_TRANSIENT:
      return _("This guest is gone when it stops: nothing keeps what is set. Whoever started it "
               "decides on it.");

    case LODGE_OBSTACLE_DENIED:
      return _("This guest belongs to somebody else, and the host does not let you change it. Ask "
               "whoever looks after the host.");

    case LODGE_OBSTACLE_SAVED:
      return _("The guest is saved to disc with the memory that it has. Start it first, or discard "
               "its saved state.");

    case LODGE_OBSTACLE_PINNED_NUMA:
      return _("The guest’s memory is bound to certain parts of the host’s memory. Take that out of "
               "its definition to change it here.");

    case LODGE_OBSTACLE_PASSTHROUGH:
      return _("The guest has a device of the host (PCI passthrough), which holds all of its memory. "
               "Take the device out to change the memory.");

    case LODGE_OBSTACLE_LOCKED_MEMORY:
      return _("The guest’s memory is locked in the host’s memory, so that none of it can come back. "
               "Take that out of its definition to change it here.");

    case LODGE_OBSTACLE_HUGE_PAGES:
      return _("The guest’s memory is made of huge pages, of which nothing comes back. Take them out "
               "of its definition to change it here.");

    case LODGE_OBSTACLE_NO_BALLOON:
      return _("The guest has no memory balloon, the device by which it gives memory back. Changes "
               "wait for its next start.");

    case LODGE_OBSTACLE_NO_BALLOON_DRIVER:
      return _("Nothing in the guest answers its memory balloon. Linux brings the driver along; in "
               "Windows, install the virtio drivers.");

    case LODGE_OBSTACLE_ONE_CORE:
      return _("The guest has one core and can have no more while it runs. More of them wait for its "
               "next start.");

    case LODGE_OBSTACLE_SESSION:
      return _("Guests of your own session cannot be weighed or capped on this host. Those of the "
               "system (qemu:///system) can.");

    case LODGE_OBSTACLE_NO_CGROUPS:
      return _("The host has no control group for this guest, by which its share could be set.");

    case LODGE_OBSTACLE_NO_WAY:
      return _("The guest runs no guest agent, and the host can neither unplug nor cap its cores. "
               "Install qemu-guest-agent in the guest.");

    case LODGE_OBSTACLE_MACHINE_TYPE:
      return _("The guest’s kind of machine takes no memory while it runs.");

    case LODGE_OBSTACLE_NUMA_CELLS:
      return _("The guest’s definition divides its memory into NUMA cells, which Lodge leaves as they "
               "are.");

    case LODGE_OBSTACLE_NONE:
    default:
      return NULL;
    }
}

/**
 * lodge_resource_words_reason:
 *
 * Returns: (nullable): what the automatic memory does now and why, or %NULL while it is off
 */
const char *
lodge_resource_words_reason (LodgeMemoryReason reason)
{
  switch (reason)
    {
    case LODGE_MEMORY_REASON_NO_FIGURES:
      return _("Waits: the guest does not say what it uses. Linux does so by itself; in Windows install the "
               "virtio drivers.");

    case LODGE_MEMORY_REASON_STEADY:
      return _("Now: the guest has what it needs.");

    case LODGE_MEMORY_REASON_FOLLOWS:
      return _("Now: the guest is on the way to what it was asked for.");

    case LODGE_MEMORY_REASON_NEEDS_MORE:
      return _("Now: the guest uses more, and is given more.");

    case LODGE_MEMORY_REASON_GIVES_BACK:
      return _("Now: the guest gives back what it has not used for a while.");

    case LODGE_MEMORY_REASON_YIELDS:
      return _("Now: the guest gives up what it uses least, as the host or another guest is short of memory.");

    case LODGE_MEMORY_REASON_HOST_SHORT:
      return _("The guest needs more, but the host has no more to give. Close something there, or shut "
               "another guest down.");

    case LODGE_MEMORY_REASON_CEILING:
      return _("The guest needs more, but has the most that it may have. Raise its upper end.");

    case LODGE_MEMORY_REASON_KEEPS:
      return _("The guest was asked to give memory back, and does not do so now.");

    case LODGE_MEMORY_REASON_RANGE:
      return _("Now: the guest comes back into its range.");

    case LODGE_MEMORY_REASON_OFF:
    default:
      return NULL;
    }
}

/**
 * lodge_resource_words_dup_pending:
 *
 * Returns: (transfer full): what waits for a restart, by name and with both values
 */
char *
lodge_resource_words_dup_pending (LodgePendingChange *change)
{
  guint64 now = lodge_pending_change_get_now (change);
  guint64 later = lodge_pending_change_get_later (change);
  g_autofree char *now_memory = lodge_quantity_format_memory (now);
  g_autofree char *later_memory = lodge_quantity_format_memory (later);

  switch (lodge_pending_change_get_kind (change))
    {
    case LODGE_PENDING_MEMORY:
      return g_strdup_printf (_("Memory: %s instead of %s"), later_memory, now_memory);

    case LODGE_PENDING_MEMORY_MAXIMUM:
      return g_strdup_printf (_("Memory at most: %s instead of %s"), later_memory, now_memory);

    case LODGE_PENDING_VCPUS:
      return g_strdup_printf (_("Cores: %u instead of %u"), (guint)later, (guint)now);

    case LODGE_PENDING_VCPUS_MAXIMUM:
      return g_strdup_printf (_("Cores at most: %u instead of %u"), (guint)later, (guint)now);

    case LODGE_PENDING_VCPUS_REMOVABLE:
      return g_strdup_printf (_("Cores that can be taken back: %u instead of %u"), (guint)later, (guint)now);

    case LODGE_PENDING_TOPOLOGY:
      return g_strdup (_("How the cores are divided into sockets"));

    case LODGE_PENDING_DEFLATE:
      return g_strdup (later != 0 ? _("The guest gets memory back before it ends programs")
                                  : _("The guest gets no memory back before it ends programs"));

    case LODGE_PENDING_REPORTING:
      return g_strdup (later != 0 ? _("Free memory goes back to the host by itself")
                                  : _("Free memory no longer goes back to the host by itself"));

    case LODGE_PENDING_BALLOON:
    default:
      return g_strdup (later != 0 ? _("A memory balloon, so that memory can come back")
                                  : _("No memory balloon any more"));
    }
}

/**
 * lodge_resource_words_dup_memory:
 * @warning: (out): whether it is something to look after
 *
 * Returns: (transfer full) (nullable): what memory is reached, next to what was asked
 */
char *
lodge_resource_words_dup_memory (LodgeMachineResources *resources,
                                 gboolean              *warning)
{
  guint64 asked = lodge_machine_resources_get_memory_asked (resources);
  guint64 reached = lodge_machine_resources_get_memory_reached (resources);
  g_autofree char *asked_words = lodge_quantity_format_memory (asked);
  g_autofree char *reached_words = lodge_quantity_format_memory (reached);

  *warning = FALSE;

  if (reached == 0)
    return NULL;

  if (!lodge_machine_is_active (lodge_machine_resources_get_machine (resources)))
    return g_strdup_printf (_("%s when it starts"), asked_words);

  switch (lodge_machine_resources_get_memory_state (resources))
    {
    case LODGE_REACH_MOVING:
      return g_strdup_printf (_("Has %s, on the way to %s"), reached_words, asked_words);

    case LODGE_REACH_HELD:
      *warning = TRUE;

      if (lodge_machine_resources_get_memory_way_obstacle (resources) == LODGE_OBSTACLE_NO_BALLOON_DRIVER)
        return g_strdup_printf (_("Still %s: nothing has moved for 10 seconds. The guest has no driver "
                                  "for its memory balloon; Linux brings it along, in Windows install the "
                                  "virtio drivers."), reached_words);

      return reached > asked ?
             g_strdup_printf (_("Still using %s of the %s asked for: the guest does not give back more "
                                "now. Close programs there, or wait."), reached_words, asked_words) :
             g_strdup_printf (_("Has %s of the %s asked for: the guest’s kernel has not taken the rest."),
                              reached_words, asked_words);

    case LODGE_REACH_SETTLED:
    default:
      return g_strdup_printf (_("Has %s"), reached_words);
    }
}

/**
 * lodge_resource_words_dup_vcpus:
 * @warning: (out): whether it is something to look after
 *
 * Returns: (transfer full) (nullable): what cores are reached, next to what was asked
 */
char *
lodge_resource_words_dup_vcpus (LodgeMachineResources *resources,
                                gboolean              *warning)
{
  guint asked = lodge_machine_resources_get_vcpus_asked (resources);
  guint reached = lodge_machine_resources_get_vcpus_reached (resources);
  guint cap = lodge_machine_resources_get_cores_cap (resources);
  g_autofree char *cap_words = lodge_quantity_format_cores (cap);

  *warning = FALSE;

  if (reached == 0)
    return NULL;

  if (!lodge_machine_is_active (lodge_machine_resources_get_machine (resources)))
    return g_strdup_printf (ngettext ("%u core when it starts", "%u cores when it starts", asked), asked);

  if (cap != 0)
    return g_strdup_printf (ngettext ("Has %u core, and the time of %s of them",
                                      "Has %u cores, and the time of %s of them", reached),
                            reached, cap_words);

  if (reached == asked)
    return g_strdup_printf (ngettext ("Has %u core", "Has %u cores", reached), reached);

  *warning = TRUE;

  return g_strdup_printf (ngettext ("Uses %u core of the %u asked for", "Uses %u cores of the %u asked for",
                                    reached), reached, asked);
}

/**
 * lodge_resource_words_dup_refusal:
 * @error: what lodge_quantity_parse_…() says
 * @text: what was entered
 * @cores: whether cores were asked for, and not memory
 * @too_small: what to say to what is too little
 * @too_large: what to say to what is too much
 *
 * Returns: (transfer full): what is wrong with it, and what would do
 */
char *
lodge_resource_words_dup_refusal (const GError *error,
                                  const char   *text,
                                  gboolean      cores,
                                  const char   *too_small,
                                  const char   *too_large)
{
  switch (error->code)
    {
    case LODGE_ERROR_NOT_POSITIVE:
      return g_strdup (cores ? _("A guest needs at least one core.") : _("A guest cannot do without memory."));

    case LODGE_ERROR_UNKNOWN_UNIT:
      return cores ? g_strdup_printf (_("“%s” is no number of cores. Write it like 4."), text)
                   : g_strdup_printf (_("Lodge does not know the unit in “%s”. Write MiB or GiB, like "
                                        "6.5 GiB."), text);

    case LODGE_ERROR_TOO_SMALL:
      return g_strdup (too_small);

    case LODGE_ERROR_TOO_LARGE:
      return g_strdup (too_large);

    case LODGE_ERROR_NOT_A_NUMBER:
    default:
      return cores ? g_strdup_printf (_("“%s” is no number of cores. Write it like 4."), text)
                   : g_strdup_printf (_("“%s” is no amount of memory. Write it like 6.5 GiB or 512 MiB."), text);
    }
}
