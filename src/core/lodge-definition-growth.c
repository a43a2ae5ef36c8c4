/* lodge-definition-growth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-core-enums.h"
#include "lodge-definition-growth-private.h"
#include "lodge-error.h"
#include "lodge-xml-private.h"

/*
 * Room to grow.
 *
 * A guest can have more memory than it booted with if it has a virtio-mem
 * device for it, which wants a cell of memory to belong to, and an upper bound
 * of all; and it can lose cores again that were defined as hot-pluggable, one
 * by one (formatdomain.html: "Memory Allocation", "Guest NUMA topology",
 * "Memory devices", "CPU Allocation"). All of it is edited into a definition
 * that others wrote: what is not meant stays as it is.
 */

#define MEBIBYTE G_GUINT64_CONSTANT (1024)

/* What x86 kernels and QEMU give and take at a time: a huge page. */
#define BLOCK (2 * MEBIBYTE)

/* Places for memory devices; others may want some, too. */
#define SLOTS 16

/* Names that users give begin so; libvirt makes all others. */
#define ALIAS "ua-lodge-memory"

/* How often the guest tells what it uses, in seconds. */
#define STATISTICS_PERIOD 2

/* Why @definition cannot be given room, or none. */
LodgeObstacle
lodge_definition_growth_obstacle (const LodgeResourceDefinition *definition)
{
  const char *machine = definition->machine != NULL ? definition->machine : "";

  if (g_strcmp0 (definition->type, "kvm") != 0 && g_strcmp0 (definition->type, "qemu") != 0)
    return LODGE_OBSTACLE_DRIVER;
  if (definition->pinned)
    return LODGE_OBSTACLE_PINNED_NUMA;
  if (definition->passthrough)
    return LODGE_OBSTACLE_PASSTHROUGH;
  if (definition->locked)
    return LODGE_OBSTACLE_LOCKED_MEMORY;
  if (definition->huge_pages)
    return LODGE_OBSTACLE_HUGE_PAGES;
  if (definition->cells > 1)
    return LODGE_OBSTACLE_NUMA_CELLS;

  /* The firmware's tables tell the kernel how much there may ever be. */
  if (!definition->has_acpi || g_strcmp0 (definition->arch, "x86_64") != 0 ||
      g_str_has_prefix (machine, "microvm") || g_str_equal (machine, "isapc"))
    return LODGE_OBSTACLE_MACHINE_TYPE;

  return LODGE_OBSTACLE_NONE;
}

/* The virtio-mem device that grows: the last, which most likely is ours. Made if there is none. */
static xmlNode *
ensure_device (xmlNode *devices)
{
  xmlNode *found = NULL, *node, *target;

  node = lodge_xml_child (devices, "memory");
  for (; node != NULL; node = lodge_xml_next (node->next, "memory"))
    {
      if (lodge_xml_attribute_is (node, "model", "virtio-mem"))
        found = node;
    }

  if (found != NULL)
    return found;

  node = lodge_xml_insert_after (devices, devices->last, "memory");
  lodge_xml_set_attribute (node, "model", "virtio-mem");
  target = lodge_xml_ensure (node, "target");
  lodge_xml_set_kib (lodge_xml_ensure (target, "size"), 0);
  lodge_xml_set_text (lodge_xml_ensure (target, "node"), "0");
  lodge_xml_set_kib (lodge_xml_ensure (target, "block"), BLOCK);
  lodge_xml_set_kib (lodge_xml_ensure (target, "requested"), 0);
  lodge_xml_set_attribute (lodge_xml_ensure (node, "alias"), "name", ALIAS);

  return node;
}

/* Has the devices add @room KiB to the boot memory. */
static void
set_room (xmlNode                       *domain,
          const LodgeResourceDefinition *definition,
          guint64                        room)
{
  xmlNode *device = ensure_device (lodge_xml_ensure (domain, "devices"));
  xmlNode *target = lodge_xml_ensure (device, "target");
  xmlNode *size = lodge_xml_ensure (target, "size");
  guint64 block = MAX (lodge_xml_read_kib (lodge_xml_child (target, "block")), BLOCK);
  guint64 others = lodge_resource_definition_get_pluggable (definition);
  guint64 own = lodge_xml_read_kib (size);
  guint64 wanted;

  others -= MIN (others, own);
  wanted = (room - MIN (room, others) + block - 1) / block * block;

  if (wanted > own)
    lodge_xml_set_kib (size, wanted);
}

static guint64
sum_of_devices (xmlNode *domain)
{
  xmlNode *node = lodge_xml_child (lodge_xml_child (domain, "devices"), "memory");
  guint64 sum = 0;

  for (; node != NULL; node = lodge_xml_next (node->next, "memory"))
    {
      if (lodge_xml_attribute_is (node, "model", "virtio-mem"))
        sum += lodge_xml_read_kib (lodge_xml_child (lodge_xml_child (node, "target"), "size"));
    }

  return sum;
}

static void
set_cell (xmlNode *domain,
          guint64  boot,
          guint    vcpus)
{
  g_autofree char *range = vcpus > 1 ? g_strdup_printf ("0-%u", vcpus - 1) : g_strdup ("0");
  xmlNode *cell = lodge_xml_ensure (lodge_xml_ensure (lodge_xml_ensure (domain, "cpu"), "numa"),
                                    "cell");

  if (!xmlHasProp (cell, (const xmlChar *)"id"))
    lodge_xml_set_attribute (cell, "id", "0");

  lodge_xml_set_attribute (cell, "cpus", range);
  if (!xmlHasProp (cell, (const xmlChar *)"memory"))
    {
      lodge_xml_set_number (cell, "memory", boot);
      lodge_xml_set_attribute (cell, "unit", "KiB");
    }
}

static guint
count_memory_devices (xmlNode *domain)
{
  xmlNode *node = lodge_xml_child (lodge_xml_child (domain, "devices"), "memory");
  guint n = 0;

  for (; node != NULL; node = lodge_xml_next (node->next, "memory"))
    n++;

  return n;
}

static void
set_bound (xmlNode *domain,
           guint64  total)
{
  xmlNode *memory = lodge_xml_ensure (domain, "memory");
  xmlNode *bound = lodge_xml_child (domain, "maxMemory");

  lodge_xml_set_kib (memory, total);

  if (bound == NULL)
    bound = lodge_xml_insert_after (domain, memory->prev, "maxMemory");

  if (lodge_xml_read_number (bound, "slots", 0) < count_memory_devices (domain))
    lodge_xml_set_number (bound, "slots", SLOTS);
  if (lodge_xml_read_kib (bound) < total)
    lodge_xml_set_kib (bound, total);
}

/* The product of a topology must be the number of cores. More cores a socket first, as some systems
 * use two sockets at most; what does not divide becomes one socket of single threads.
 */
static void
fit_topology (xmlNode *domain,
              guint    vcpus)
{
  xmlNode *topology = lodge_xml_child (lodge_xml_child (domain, "cpu"), "topology");
  guint64 others, clusters;

  if (topology == NULL)
    return;

  clusters = lodge_xml_read_number (topology, "clusters", 1);
  others = lodge_xml_read_number (topology, "sockets", 1) *
           lodge_xml_read_number (topology, "dies", 1) * clusters *
           lodge_xml_read_number (topology, "threads", 1);

  if (others == 0 || vcpus % others != 0)
    {
      lodge_xml_set_number (topology, "sockets", 1);
      lodge_xml_set_number (topology, "threads", 1);
      if (xmlHasProp (topology, (const xmlChar *)"dies"))
        lodge_xml_set_number (topology, "dies", 1);
      if (xmlHasProp (topology, (const xmlChar *)"clusters"))
        lodge_xml_set_number (topology, "clusters", 1);
      others = 1;
    }

  lodge_xml_set_number (topology, "cores", vcpus / others);
}

/* The list says of each core whether it is there at the start; only the first must be. */
static void
set_vcpus (xmlNode *domain,
           guint    vcpus)
{
  xmlNode *vcpu = lodge_xml_ensure (domain, "vcpu");
  guint64 maximum = lodge_xml_read_number (vcpu, NULL, 0);
  guint64 current = lodge_xml_read_number (vcpu, "current", MAX (maximum, 1));
  g_autofree char *text = g_strdup_printf ("%u", vcpus);
  xmlNode *list;

  if (maximum != vcpus)
    {
      lodge_xml_set_text (vcpu, text);
      lodge_xml_set_number (vcpu, "current", current);
      fit_topology (domain, vcpus);
    }

  lodge_xml_remove (lodge_xml_child (domain, "vcpus"));
  if (vcpus < 2)
    return;

  list = lodge_xml_insert_after (domain, vcpu, "vcpus");
  for (guint i = 0; i < vcpus; i++)
    {
      xmlNode *each = xmlNewChild (list, NULL, (const xmlChar *)"vcpu", NULL);

      lodge_xml_set_number (each, "id", i);
      lodge_xml_set_attribute (each, "enabled", i < current ? "yes" : "no");
      lodge_xml_set_attribute (each, "hotpluggable", i == 0 ? "no" : "yes");
    }
}

/* A guest that is short of memory gets it back before it kills programs, and what it frees goes
 * back to the host.
 */
static void
set_balloon (xmlNode *domain)
{
  xmlNode *devices = lodge_xml_ensure (domain, "devices");
  xmlNode *balloon = lodge_xml_child (devices, "memballoon");
  xmlNode *stats;

  if (balloon == NULL)
    balloon = lodge_xml_insert_after (devices, devices->last, "memballoon");

  if (!xmlHasProp (balloon, (const xmlChar *)"model") ||
      lodge_xml_attribute_is (balloon, "model", "none"))
    lodge_xml_set_attribute (balloon, "model", "virtio");

  lodge_xml_set_attribute (balloon, "autodeflate", "on");
  lodge_xml_set_attribute (balloon, "freePageReporting", "on");

  stats = lodge_xml_ensure (balloon, "stats");
  if (lodge_xml_read_number (stats, "period", 0) == 0)
    lodge_xml_set_number (stats, "period", STATISTICS_PERIOD);
}

/* But for the room above the boot memory. */
static gboolean
has_the_rest (const LodgeResourceDefinition *definition,
              guint                          vcpus)
{
  return definition->vcpus_maximum >= vcpus &&
         definition->vcpus_removable + 1 >= definition->vcpus &&
         definition->has_balloon && definition->deflates && definition->reports &&
         definition->balloon_period > 0;
}

static gboolean
has_room (const LodgeResourceDefinition *definition,
          guint64                        memory)
{
  if (memory <= lodge_resource_definition_get_boot (definition))
    return TRUE;

  return definition->memory >= memory && definition->hotplug_maximum >= definition->memory &&
         definition->cells == 1 && definition->devices->len > 0;
}

/* Whether the definition in @xml has room up to @memory KiB and @vcpus cores. */
gboolean
lodge_definition_is_prepared (const char *xml,
                              guint64     memory,
                              guint       vcpus)
{
  g_autoptr(LodgeResourceDefinition) definition = lodge_resource_definition_parse (xml, NULL);

  return definition != NULL && has_the_rest (definition, vcpus) && has_room (definition, memory);
}

/* How many elements @xml has for devices. */
guint
lodge_definition_count_devices (const char *xml)
{
  g_autoptr(xmlDoc) document = lodge_xml_parse_domain (xml, NULL);

  if (document == NULL)
    return 0;

  return xmlChildElementCount (lodge_xml_child (xmlDocGetRootElement (document), "devices"));
}

/* Gives a definition, of a guest that is there or of a new one, room up to @memory KiB and @vcpus
 * cores; either may be less than it has, which is kept. Returns the same definition if it has all
 * of it, or NULL with LODGE_ERROR_UNSUPPORTED, and the obstacle's name as message.
 */
char *
lodge_definition_prepare_growth (const char  *xml,
                                 guint64      memory,
                                 guint        vcpus,
                                 GError     **error)
{
  g_autoptr(LodgeResourceDefinition) definition = NULL;
  g_autoptr(xmlDoc) document = NULL;
  LodgeObstacle obstacle;
  xmlNode *domain;
  guint64 boot;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((definition = lodge_resource_definition_parse (xml, error)) == NULL)
    return NULL;

  if ((obstacle = lodge_definition_growth_obstacle (definition)) != LODGE_OBSTACLE_NONE)
    {
      g_autofree char *name = g_enum_to_string (LODGE_TYPE_OBSTACLE, obstacle);

      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED, name);
      return NULL;
    }

  memory = MAX (memory, definition->memory);
  vcpus = MAX (vcpus, MAX (definition->vcpus_maximum, 1));

  if (lodge_definition_is_prepared (xml, memory, vcpus))
    return g_strdup (xml);

  document = lodge_xml_parse_domain (xml, NULL);
  domain = xmlDocGetRootElement (document);
  boot = lodge_resource_definition_get_boot (definition);

  set_vcpus (domain, vcpus);
  set_balloon (domain);

  if (memory > boot)
    {
      set_room (domain, definition, memory - boot);
      set_cell (domain, boot, vcpus);
      set_bound (domain, boot + sum_of_devices (domain));
    }

  return lodge_xml_serialize (document);
}

/* Only more cores at most, which @xml has with its topology and cell. */
char *
lodge_definition_raise_vcpus (const char  *xml,
                              guint        vcpus,
                              GError     **error)
{
  g_autoptr(LodgeResourceDefinition) definition = NULL;
  g_autoptr(xmlDoc) document = NULL;
  xmlNode *domain;

  g_return_val_if_fail (xml != NULL, NULL);

  if ((definition = lodge_resource_definition_parse (xml, error)) == NULL)
    return NULL;

  if (definition->cells > 1)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED,
                           "the cores belong to several NUMA cells");
      return NULL;
    }

  document = lodge_xml_parse_domain (xml, NULL);
  domain = xmlDocGetRootElement (document);
  set_vcpus (domain, MAX (vcpus, definition->vcpus_maximum));
  if (definition->cells == 1)
    set_cell (domain, 0, MAX (vcpus, definition->vcpus_maximum));

  return lodge_xml_serialize (document);
}
