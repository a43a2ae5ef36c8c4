/* test-definition-growth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-definition-growth-private.h"
#include "lodge-error.h"
#include "lodge-xml-private.h"

#include <string.h>

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)

#define DOMAIN(inside, devices) \
  "<domain type='kvm'><name>x</name><memory unit='GiB'>2</memory>" \
  "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><features><acpi/></features>" \
  inside "<devices>" devices "</devices></domain>"

static char *
prepare (const char *xml,
         guint64     memory,
         guint       vcpus)
{
  g_autoptr(GError) error = NULL;
  char *edited = lodge_definition_prepare_growth (xml, memory, vcpus, &error);

  g_assert_no_error (error);
  g_assert_true (lodge_definition_is_prepared (edited, memory, vcpus));

  return edited;
}

static LodgeResourceDefinition *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  LodgeResourceDefinition *definition = lodge_resource_definition_parse (xml, &error);

  g_assert_no_error (error);

  return definition;
}

static void
test_gives_room (void)
{
  g_autofree char *edited = prepare (DOMAIN ("<vcpu>2</vcpu>", ""), 6 * GIBIBYTE, 4);
  g_autoptr(LodgeResourceDefinition) definition = parse (edited);
  const LodgeMemoryDevice *device = g_ptr_array_index (definition->devices, 0);

  /* What it starts with stays as it was. */
  g_assert_cmpuint (lodge_resource_definition_get_boot (definition), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (definition->vcpus, ==, 2);
  g_assert_cmpuint (device->requested, ==, 0);

  g_assert_cmpuint (definition->memory, ==, 6 * GIBIBYTE);
  g_assert_cmpuint (definition->hotplug_maximum, >=, 6 * GIBIBYTE);
  g_assert_cmpuint (device->size, ==, 4 * GIBIBYTE);
  g_assert_cmpuint (definition->cells, ==, 1);
  g_assert_cmpuint (definition->vcpus_maximum, ==, 4);
  g_assert_cmpuint (definition->vcpus_removable, ==, 1);
  g_assert_true (definition->has_balloon);
  g_assert_true (definition->deflates);
  g_assert_true (definition->reports);
  g_assert_cmpuint (definition->balloon_period, >, 0);
  g_assert_nonnull (strstr (edited, "cpus=\"0-3\""));
}

/* More cores and an honest balloon can be had without more memory. */
static void
test_needs_no_memory (void)
{
  g_autofree char *edited = prepare (DOMAIN ("<vcpu>2</vcpu>", ""), 0, 8);
  g_autoptr(LodgeResourceDefinition) definition = parse (edited);

  g_assert_cmpuint (definition->devices->len, ==, 0);
  g_assert_cmpuint (definition->cells, ==, 0);
  g_assert_cmpuint (definition->vcpus_maximum, ==, 8);
}

static void
test_never_takes_away (void)
{
  g_autofree char *large = prepare (DOMAIN ("<vcpu>4</vcpu>", ""), 8 * GIBIBYTE, 8);
  g_autofree char *again = prepare (large, 1 * GIBIBYTE, 1);
  g_autofree char *larger = prepare (large, 12 * GIBIBYTE, 9);
  g_autoptr(LodgeResourceDefinition) definition = parse (larger);

  g_assert_cmpstr (large, ==, again);
  g_assert_cmpuint (definition->memory, ==, 12 * GIBIBYTE);
  g_assert_cmpuint (lodge_resource_definition_get_boot (definition), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (definition->devices->len, ==, 1);
  g_assert_cmpuint (definition->vcpus_maximum, ==, 9);
  g_assert_nonnull (strstr (larger, "cpus=\"0-8\""));
}

/* What is not a multiple of the device's blocks is rounded up: nobody gets less than promised. */
static void
test_counts_in_blocks (void)
{
  g_autofree char *edited = prepare (DOMAIN ("", ""), 2 * GIBIBYTE + 1, 1);
  g_autoptr(LodgeResourceDefinition) definition = parse (edited);

  g_assert_cmpuint (definition->memory, ==, 2 * GIBIBYTE + 2048);
}

static void
test_fits_the_topology (void)
{
  static const struct
  {
    const char *topology;
    guint       vcpus;
    const char *expected;
  } cases[] =
  {
    { "sockets='1' dies='1' cores='2' threads='1'", 6, "sockets=\"1\" dies=\"1\" cores=\"6\" threads=\"1\"" },
    { "sockets='1' cores='1' threads='2'", 6, "sockets=\"1\" cores=\"3\" threads=\"2\"" },
    { "sockets='2' cores='1' threads='1'", 8, "sockets=\"2\" cores=\"4\" threads=\"1\"" },
    { "sockets='2' cores='1' threads='1'", 7, "sockets=\"1\" cores=\"7\" threads=\"1\"" },
    { "sockets='1' dies='2' cores='1' threads='1'", 5, "sockets=\"1\" dies=\"1\" cores=\"5\" threads=\"1\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (DOMAIN ("<vcpu>2</vcpu><cpu mode='host-passthrough'>"
                                                      "<topology %s/></cpu>", ""),
                                              cases[i].topology);
      g_autofree char *edited = prepare (xml, 0, cases[i].vcpus);
      g_autofree char *raised = lodge_definition_raise_vcpus (xml, cases[i].vcpus, NULL);

      g_assert_nonnull (strstr (edited, cases[i].expected));
      g_assert_nonnull (strstr (raised, cases[i].expected));
      g_assert_nonnull (strstr (edited, "mode=\"host-passthrough\""));
    }
}

/* A cell that is there keeps its memory and all else that it says. */
static void
test_keeps_the_cell (void)
{
  g_autofree char *edited = prepare (DOMAIN ("<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' "
                                             "memory='2' unit='GiB' memAccess='shared'/></numa></cpu>",
                                             ""), 4 * GIBIBYTE, 3);

  g_assert_nonnull (strstr (edited, "memory=\"2\" unit=\"GiB\" memAccess=\"shared\""));
  g_assert_nonnull (strstr (edited, "cpus=\"0-2\""));
}

static void
test_refuses (void)
{
  static const struct
  {
    const char    *xml;
    LodgeObstacle  obstacle;
  } cases[] =
  {
    { DOMAIN ("<numatune><memory mode='strict' nodeset='0'/></numatune>", ""),
      LODGE_OBSTACLE_PINNED_NUMA },
    { DOMAIN ("<memoryBacking><locked/></memoryBacking>", ""), LODGE_OBSTACLE_LOCKED_MEMORY },
    { DOMAIN ("<memoryBacking><hugepages/></memoryBacking>", ""), LODGE_OBSTACLE_HUGE_PAGES },
    { DOMAIN ("", "<hostdev mode='subsystem' type='pci'/>"), LODGE_OBSTACLE_PASSTHROUGH },
    { DOMAIN ("", "<interface type='hostdev'/>"), LODGE_OBSTACLE_PASSTHROUGH },
    { DOMAIN ("<cpu><numa><cell memory='1'/><cell memory='1'/></numa></cpu>", ""),
      LODGE_OBSTACLE_NUMA_CELLS },
    { "<domain type='kvm'><os><type arch='x86_64' machine='pc'>hvm</type></os></domain>",
      LODGE_OBSTACLE_MACHINE_TYPE },
    { "<domain type='kvm'><os><type arch='s390x'>hvm</type></os><features><acpi/></features></domain>",
      LODGE_OBSTACLE_MACHINE_TYPE },
    { "<domain type='lxc'/>", LODGE_OBSTACLE_DRIVER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LodgeResourceDefinition) definition = parse (cases[i].xml);
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (lodge_definition_growth_obstacle (definition), ==, cases[i].obstacle);
      g_assert_null (lodge_definition_prepare_growth (cases[i].xml, GIBIBYTE, 2, &error));
      g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
    }
}

static void
remove_all (xmlNode    *parent,
            const char *name)
{
  xmlNode *node;

  while ((node = lodge_xml_child (parent, name)) != NULL)
    lodge_xml_remove (node);
}

/* @xml without what room is made of, and without the blanks between elements. */
static char *
strip (const char *xml)
{
  g_autoptr(xmlDoc) document = xmlReadMemory (xml, strlen (xml), NULL, NULL,
                                              XML_PARSE_NONET | XML_PARSE_NOBLANKS);
  xmlNode *domain = xmlDocGetRootElement (document);
  xmlNode *cpu = lodge_xml_child (domain, "cpu");
  xmlNode *devices = lodge_xml_child (domain, "devices");
  xmlChar *text;
  char *copy;

  remove_all (domain, "memory");
  remove_all (domain, "maxMemory");
  remove_all (domain, "vcpu");
  remove_all (domain, "vcpus");
  remove_all (cpu, "numa");
  remove_all (cpu, "topology");
  if (cpu != NULL && cpu->children == NULL && cpu->properties == NULL)
    lodge_xml_remove (cpu);
  remove_all (devices, "memory");
  remove_all (devices, "memballoon");
  if (devices != NULL && devices->children == NULL)
    lodge_xml_remove (devices);

  xmlDocDumpFormatMemoryEnc (document, &text, NULL, "UTF-8", 0);
  copy = g_strdup ((const char *)text);
  xmlFree (text);

  return copy;
}

/* Real definitions by others: all else that is in them is in them afterwards. */
static void
test_keeps_what_others_wrote (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "domains", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint prepared = 0;
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *xml = NULL, *edited = NULL, *twice = NULL, *before = NULL, *after = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &xml, NULL, NULL));
      edited = lodge_definition_prepare_growth (xml, 64 * GIBIBYTE, 8, &error);

      if (edited == NULL)
        {
          g_assert_true (g_error_matches (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED) ||
                         g_error_matches (error, LODGE_ERROR, LODGE_ERROR_INVALID));
          continue;
        }

      before = strip (xml);
      after = strip (edited);
      g_assert_cmpstr (before, ==, after);

      twice = prepare (edited, 64 * GIBIBYTE, 8);
      g_assert_cmpstr (edited, ==, twice);
      prepared++;
    }

  g_assert_cmpuint (prepared, >=, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add_func ("/core/definition-growth/" name, func)

  ADD ("gives-room", test_gives_room);
  ADD ("needs-no-memory", test_needs_no_memory);
  ADD ("never-takes-away", test_never_takes_away);
  ADD ("counts-in-blocks", test_counts_in_blocks);
  ADD ("fits-the-topology", test_fits_the_topology);
  ADD ("keeps-the-cell", test_keeps_the_cell);
  ADD ("refuses", test_refuses);
  ADD ("keeps-what-others-wrote", test_keeps_what_others_wrote);

  return g_test_run ();
}
