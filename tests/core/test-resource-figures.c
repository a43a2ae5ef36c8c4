/* test-resource-figures.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-resource-figures-private.h"

#define MEBIBYTE G_GUINT64_CONSTANT (1024)
#define GIBIBYTE (1024 * MEBIBYTE)

#define MACHINE(type, inside, devices) \
  "<domain type='" type "'><memory unit='GiB'>4</memory><vcpu current='2'>4</vcpu>" \
  "<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>" \
  inside "<devices>" devices "</devices></domain>"

#define BALLOON "<memballoon model='virtio'/>"

static LodgeResourceFacts *
facts_of (const char *live,
          const char *stored)
{
  LodgeResourceFacts *facts = lodge_resource_facts_new ();

  facts->can_change = TRUE;
  facts->live = live != NULL ? lodge_resource_definition_parse (live, NULL) : NULL;
  facts->stored = stored != NULL ? lodge_resource_definition_parse (stored, NULL) : NULL;

  return facts;
}

static LodgeResourceFigures
figures_of (LodgeResourceFacts *facts)
{
  LodgeResourceFigures figures = { 0, };

  lodge_resource_figures_read (&figures, facts);
  lodge_resource_facts_free (facts);

  return figures;
}

/* A guest with 1,000 MiB of 2,048 in use keeps them and a tenth; a small one keeps 64 MiB more. */
static void
test_floor (void)
{
  g_assert_cmpuint (lodge_memory_floor (2048 * MEBIBYTE, 1048 * MEBIBYTE), ==,
                    1100 * MEBIBYTE);
  g_assert_cmpuint (lodge_memory_floor (512 * MEBIBYTE, 412 * MEBIBYTE), ==,
                    164 * MEBIBYTE);
  g_assert_cmpuint (lodge_memory_floor (64 * MEBIBYTE, 100 * MEBIBYTE), >=,
                    32 * MEBIBYTE);
}

/* A look at the guest while it has @balloon MiB, when it last told, at @told, that it could do without
 * @usable MiB.
 */
static void
look (LodgeResourceFigures *figures,
      guint64               balloon,
      guint64               usable,
      gint64                told)
{
  const char *xml = MACHINE ("kvm", "", BALLOON);
  g_autoptr(LodgeResourceFacts) facts = facts_of (xml, xml);

  facts->balloon = balloon * MEBIBYTE;
  facts->available = facts->balloon;
  facts->usable = usable * MEBIBYTE;
  facts->told = told;
  lodge_resource_figures_read (figures, facts);
}

/* What a guest told before it was given more, or less, says nothing of what it needs of that. */
static void
test_floor_moves (void)
{
  LodgeResourceFigures figures = { 0, };
  const guint64 floor = 564 * MEBIBYTE; /* 500 used, and 64 more */

  look (&figures, 1000, 500, 10);
  g_assert_cmpuint (figures.memory_floor, ==, floor);

  look (&figures, 3000, 500, 10);
  g_assert_cmpuint (figures.memory_floor, ==, floor);
  look (&figures, 3000, 2500, 12);
  g_assert_cmpuint (figures.memory_floor, ==, floor);

  look (&figures, 1000, 2500, 12);
  g_assert_cmpuint (figures.memory_floor, ==, floor);
  g_assert_cmpint (figures.memory_floor_source, ==, LODGE_FLOOR_GUEST);
  look (&figures, 1000, 100, 14);
  g_assert_cmpuint (figures.memory_floor, ==, 990 * MEBIBYTE);
}

/* Without figures of the guest, nobody takes its first GiB. */
static void
test_assumed_floor (void)
{
  const char *xml = MACHINE ("kvm", "", BALLOON);
  LodgeResourceFigures figures = figures_of (facts_of (xml, xml));

  g_assert_cmpuint (figures.memory_floor, ==, GIBIBYTE);
  g_assert_cmpuint (figures.memory_floor_source, ==, LODGE_FLOOR_ASSUMED);
  g_assert_cmpuint (lodge_resource_figures_clamp_memory (&figures, 1), ==, GIBIBYTE);
  g_assert_cmpuint (lodge_resource_figures_clamp_memory (&figures, 99 * GIBIBYTE), ==, 4 * GIBIBYTE);
}

static void
test_splits (void)
{
  const char *xml = "<domain type='kvm'><memory unit='MiB'>1536</memory><devices>"
                    "<memory model='virtio-mem'><target><size unit='MiB'>768</size>"
                    "<block unit='MiB'>2</block></target></memory>"
                    "<memory model='virtio-mem'><target><size unit='MiB'>256</size>"
                    "<block unit='MiB'>2</block></target></memory></devices></domain>";
  g_autoptr(LodgeResourceDefinition) definition = lodge_resource_definition_parse (xml, NULL);
  static const guint cases[][3] =
  {
    { 300, 300, 0 }, { 512, 512, 0 }, { 513, 512, 0 }, { 514, 512, 2 }, { 1400, 512, 888 },
    { 1536, 512, 1024 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 balloon, plugged;

      lodge_memory_split (definition, cases[i][0] * MEBIBYTE, &balloon, &plugged);
      g_assert_cmpuint (balloon, ==, cases[i][1] * MEBIBYTE);
      g_assert_cmpuint (plugged, ==, cases[i][2] * MEBIBYTE);
    }
}

static void
test_shares (void)
{
  for (int unified = 0; unified <= 1; unified++)
    {
      for (LodgePriority each = LODGE_PRIORITY_BACKGROUND; each <= LODGE_PRIORITY_FIRST; each++)
        g_assert_cmpint (lodge_priority_from_shares (lodge_priority_get_shares (each, unified),
                                                     unified), ==, each);
      g_assert_cmpint (lodge_priority_from_shares (0, unified), ==, LODGE_PRIORITY_NORMAL);
    }

  /* Version 2 counts to 10,000, version 1 from 2. */
  g_assert_cmpuint (lodge_priority_get_shares (LODGE_PRIORITY_FIRST, TRUE), <=, 10000);
  g_assert_cmpuint (lodge_priority_get_shares (LODGE_PRIORITY_BACKGROUND, FALSE), >=, 2);
}

static void
test_obstacles (void)
{
  static const struct
  {
    const char    *xml;
    LodgeObstacle  memory;
    LodgeObstacle  way;
  } cases[] =
  {
    { MACHINE ("kvm", "", BALLOON), LODGE_OBSTACLE_NONE, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "", "<memballoon model='none'/>"), LODGE_OBSTACLE_NONE,
      LODGE_OBSTACLE_NO_BALLOON },
    { MACHINE ("kvm", "<numatune><memory mode='strict' nodeset='1'/></numatune>", BALLOON),
      LODGE_OBSTACLE_PINNED_NUMA, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "<numatune><memory mode='preferred' nodeset='1'/>"
               "<memnode cellid='0' mode='preferred' nodeset='0'/><memnode cellid='1' mode='strict' nodeset='1'/>"
               "</numatune>", BALLOON),
      LODGE_OBSTACLE_PINNED_NUMA, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "<numatune><memory mode='restrictive' nodeset='1'/></numatune>", BALLOON),
      LODGE_OBSTACLE_PINNED_NUMA, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "<numatune><memory mode='preferred' nodeset='1'/></numatune>", BALLOON),
      LODGE_OBSTACLE_NONE, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "", BALLOON "<hostdev type='pci'/>"), LODGE_OBSTACLE_PASSTHROUGH,
      LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "", BALLOON "<hostdev type='usb'/>"), LODGE_OBSTACLE_NONE,
      LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "<memoryBacking><locked/></memoryBacking>", BALLOON),
      LODGE_OBSTACLE_LOCKED_MEMORY, LODGE_OBSTACLE_NONE },
    { MACHINE ("kvm", "<memoryBacking><hugepages/></memoryBacking>", BALLOON),
      LODGE_OBSTACLE_NONE, LODGE_OBSTACLE_HUGE_PAGES },
  };
  LodgeResourceFigures transient = figures_of (facts_of (cases[0].xml, NULL));
  LodgeResourceFacts *foreign = facts_of (cases[0].xml, cases[0].xml);
  LodgeResourceFacts *saved = facts_of (NULL, cases[0].xml);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LodgeResourceFigures figures = figures_of (facts_of (cases[i].xml, cases[i].xml));

      g_assert_cmpint (figures.memory_obstacle, ==, cases[i].memory);
      g_assert_cmpint (figures.memory_way_obstacle, ==, cases[i].way);
    }

  g_assert_cmpint (transient.memory_obstacle, ==, LODGE_OBSTACLE_TRANSIENT);
  g_assert_cmpint (transient.vcpus_obstacle, ==, LODGE_OBSTACLE_TRANSIENT);
  g_assert_cmpint (transient.priority_obstacle, ==, LODGE_OBSTACLE_TRANSIENT);

  foreign->can_change = FALSE;
  g_assert_cmpint (figures_of (foreign).memory_obstacle, ==, LODGE_OBSTACLE_DRIVER);
  saved->saved = TRUE;
  g_assert_cmpint (figures_of (saved).memory_obstacle, ==, LODGE_OBSTACLE_SAVED);
}

/* Taking cores out is safe with KVM alone. */
static void
test_ways (void)
{
  const char *list = "<vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/>"
                     "<vcpu id='1' enabled='yes' hotpluggable='yes'/></vcpus>";
  g_autofree char *kvm = g_strdup_printf (MACHINE ("kvm", "%s", BALLOON), list);
  g_autofree char *qemu = g_strdup_printf (MACHINE ("qemu", "%s", BALLOON), list);
  LodgeResourceFacts *capped = facts_of (kvm, kvm);
  LodgeResourceFacts *none = facts_of (qemu, qemu);

  g_assert_true (figures_of (facts_of (kvm, kvm)).ways & LODGE_WAY_UNPLUG);
  g_assert_false (figures_of (facts_of (qemu, qemu)).ways & LODGE_WAY_UNPLUG);

  capped->live->global_quota = 150000;
  g_assert_cmpuint (capped->live->vcpus, ==, 2);
  none->tuning = LODGE_OBSTACLE_SESSION;
  none->live->vcpus = 4;

  g_assert_cmpint (figures_of (none).vcpus_obstacle, ==, LODGE_OBSTACLE_SESSION);

  {
    LodgeResourceFigures figures = figures_of (capped);

    g_assert_cmpuint (figures.cores_cap, ==, 1500);
    g_assert_cmpuint (figures.vcpus_reached, ==, 2);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/resource-figures/floor", test_floor);
  g_test_add_func ("/core/resource-figures/floor-moves", test_floor_moves);
  g_test_add_func ("/core/resource-figures/assumed-floor", test_assumed_floor);
  g_test_add_func ("/core/resource-figures/splits", test_splits);
  g_test_add_func ("/core/resource-figures/shares", test_shares);
  g_test_add_func ("/core/resource-figures/obstacles", test_obstacles);
  g_test_add_func ("/core/resource-figures/ways", test_ways);

  return g_test_run ();
}
