/* test-usb-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-usb-policy.h"

static const LodgeUsbIdentity camera = {
  .vendor = 0x04a9, .product = 0x32cf, .serial = "0A1", .place = "a", .kind = LODGE_USB_KIND_CAMERA,
};

static const LodgeUsbIdentity keyboard = {
  .vendor = 0x046d, .product = 0xc31c, .place = "b", .kind = LODGE_USB_KIND_INPUT,
  .may_be_input = TRUE,
};

/* Guests "arch" and "win" that run, the first in front, and a camera that was just plugged in. */
typedef struct
{
  LodgeUsbRules       *arch_rules;
  LodgeUsbRules       *win_rules;
  LodgeUsbWorld       *world;
  LodgeUsbWorldDevice *device;
  LodgeUsbWorldGuest  *arch;
  LodgeUsbWorldGuest  *win;
  GPtrArray           *actions;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const LodgeUsbIdentity *identity = data;

  fixture->arch_rules = lodge_usb_rules_new (NULL);
  fixture->win_rules = lodge_usb_rules_new (NULL);
  fixture->world = lodge_usb_world_new ();
  fixture->device = lodge_usb_world_add_device (fixture->world, "d", identity);
  fixture->device->is_new = TRUE;
  fixture->arch = lodge_usb_world_add_guest (fixture->world, "arch", fixture->arch_rules);
  fixture->arch->is_on = TRUE;
  fixture->arch->rank = 0;
  fixture->win = lodge_usb_world_add_guest (fixture->world, "win", fixture->win_rules);
  fixture->win->is_on = TRUE;
  fixture->win->rank = 1;
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->actions, g_ptr_array_unref);
  lodge_usb_world_free (fixture->world);
  g_object_unref (fixture->arch_rules);
  g_object_unref (fixture->win_rules);
}

static char *
describe (const LodgeUsbAction *action)
{
  static const char * const kinds[] = { "give", "take", "forget", "ask", "conflict", "held-up" };
  static const char * const reasons[] = {
    "none", "user", "rule", "returned", "unplugged", "guest-off", "twice", "new", "input",
  };
  g_autofree char *others = action->others != NULL ? g_strjoinv (",", action->others)
                                                   : g_strdup ("");

  return g_strdup_printf ("%s %s %s %s%s%s", kinds[action->kind], action->device, action->guest,
                          reasons[action->reason], *others != '\0' ? " against " : "", others);
}

static void
assert_decides (Fixture    *fixture,
                const char *expected)
{
  g_autoptr(GString) decided = g_string_new (NULL);

  g_clear_pointer (&fixture->actions, g_ptr_array_unref);
  fixture->actions = lodge_usb_policy_decide (fixture->world);

  for (guint i = 0; i < fixture->actions->len; i++)
    {
      g_autofree char *text = describe (g_ptr_array_index (fixture->actions, i));

      g_string_append_printf (decided, "%s%s", i > 0 ? "; " : "", text);
    }

  g_assert_cmpstr (decided->str, ==, expected);
}

static void
test_rule_gives (Fixture       *fixture,
                 gconstpointer  data)
{
  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give d win rule");

  fixture->device->is_new = FALSE;
  assert_decides (fixture, "give d win rule");

  fixture->win->is_on = FALSE;
  assert_decides (fixture, "");
}

static void
test_front_guest_wins (Fixture       *fixture,
                       gconstpointer  data)
{
  lodge_usb_rules_set_for_kind (fixture->arch_rules, LODGE_USB_KIND_CAMERA,
                                LODGE_USB_VERDICT_ALWAYS);
  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give d arch rule; conflict d arch rule against win");

  fixture->arch->rank = 2;
  assert_decides (fixture, "give d win rule; conflict d win rule against arch");

  fixture->device->is_conflict_noted = TRUE;
  assert_decides (fixture, "give d win rule");

  /* Who has it keeps it. */
  fixture->device->is_conflict_noted = FALSE;
  lodge_usb_world_add_assignment (fixture->world, "d", "arch");
  assert_decides (fixture, "conflict d arch rule against win");
}

static void
test_asks (Fixture       *fixture,
           gconstpointer  data)
{
  assert_decides (fixture, "ask d arch new");

  fixture->device->asked_about = g_strdup ("arch");
  assert_decides (fixture, "");
  g_clear_pointer (&fixture->device->asked_about, g_free);

  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_ASK);
  assert_decides (fixture, "ask d win rule");

  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_NONE);
  lodge_usb_rules_set_for_device (fixture->arch_rules, &camera, NULL, LODGE_USB_VERDICT_NEVER);
  assert_decides (fixture, "");
}

/* Nobody is asked about what was there before, and nobody who was never in front. */
static void
test_does_not_ask (Fixture       *fixture,
                   gconstpointer  data)
{
  fixture->device->is_new = FALSE;
  assert_decides (fixture, "");

  fixture->device->is_new = TRUE;
  fixture->arch->rank = fixture->win->rank = G_MAXUINT;
  assert_decides (fixture, "");

  /* One that is off has a rule for it: it waits. */
  fixture->arch->rank = 0;
  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
  fixture->win->is_on = FALSE;
  assert_decides (fixture, "");
}

static void
test_user_is_obeyed (Fixture       *fixture,
                     gconstpointer  data)
{
  lodge_usb_rules_set_for_device (fixture->arch_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);

  fixture->device->wanted_by = g_strdup ("win");
  assert_decides (fixture, "give d win user");

  fixture->win->is_on = FALSE;
  assert_decides (fixture, "");
  fixture->win->is_on = TRUE;

  lodge_usb_world_add_assignment (fixture->world, "d", "arch");
  assert_decides (fixture, "take d arch user; give d win user");

  fixture->device->is_kept = TRUE;
  assert_decides (fixture, "take d arch user");
}

static void
test_never_takes_back (Fixture       *fixture,
                       gconstpointer  data)
{
  lodge_usb_world_add_assignment (fixture->world, "d", "arch");
  assert_decides (fixture, "");

  lodge_usb_rules_set_for_kind (fixture->arch_rules, LODGE_USB_KIND_CAMERA,
                                LODGE_USB_VERDICT_NEVER);
  assert_decides (fixture, "take d arch rule");

  /* Unless the user gave it by hand all the same. */
  fixture->device->wanted_by = g_strdup ("arch");
  assert_decides (fixture, "");
}

static void
test_ghosts (Fixture       *fixture,
             gconstpointer  data)
{
  fixture->device->is_new = FALSE;
  lodge_usb_world_add_assignment (fixture->world, "gone", "arch");
  lodge_usb_world_add_assignment (fixture->world, "d", "win");
  lodge_usb_world_add_assignment (fixture->world, "d", "arch");
  assert_decides (fixture, "take gone arch unplugged; take d arch twice");

  fixture->win->is_on = FALSE;
  assert_decides (fixture, "take gone arch unplugged; forget d win guest-off");
}

/* Firmware: what the guest had comes back as something else. */
static void
test_returned (Fixture       *fixture,
               gconstpointer  data)
{
  fixture->device->returned_to = g_strdup ("win");
  lodge_usb_world_add_assignment (fixture->world, "before", "win");
  assert_decides (fixture, "take before win unplugged; give d win returned");

  fixture->device->identity.may_be_input = TRUE;
  fixture->device->identity.kind = LODGE_USB_KIND_INPUT;
  assert_decides (fixture, "take before win unplugged; ask d win input");

  fixture->device->identity.may_be_input = FALSE;
  lodge_usb_rules_set_for_device (fixture->win_rules, &camera, NULL, LODGE_USB_VERDICT_NEVER);
  fixture->device->is_new = FALSE;
  assert_decides (fixture, "take before win unplugged");
}

static void
test_in_use_here (Fixture       *fixture,
                  gconstpointer  data)
{
  lodge_usb_rules_set_for_device (fixture->arch_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);

  for (int safety = LODGE_USB_SAFETY_MOUNTED; safety <= LODGE_USB_SAFETY_GUEST_DISC; safety++)
    {
      fixture->device->safety = safety;
      fixture->device->is_held_up_noted = FALSE;
      assert_decides (fixture, "held-up d arch rule");

      fixture->device->is_held_up_noted = TRUE;
      assert_decides (fixture, "");
    }

  fixture->device->safety = LODGE_USB_SAFETY_FREE;
  assert_decides (fixture, "give d arch rule");
}

static void
test_failure_is_not_repeated (Fixture       *fixture,
                              gconstpointer  data)
{
  lodge_usb_rules_set_for_device (fixture->arch_rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
  fixture->device->is_new = FALSE;
  fixture->device->failed_for = g_strdup ("arch");
  assert_decides (fixture, "");

  fixture->device->wanted_by = g_strdup ("arch");
  assert_decides (fixture, "");
}

static void
test_keyboards (Fixture       *fixture,
                gconstpointer  data)
{
  /* Neither asked about nor given by its kind, whatever somebody writes into the file. */
  lodge_usb_rules_load (fixture->arch_rules,
                        "<usb><any kind='input' verdict='always'/></usb>");
  assert_decides (fixture, "");

  /* One like it that was elsewhere may be another one. */
  lodge_usb_rules_load (fixture->arch_rules,
                        "<usb><device vendor='046d' product='c31c' place='z' verdict='always'/></usb>");
  assert_decides (fixture, "ask d arch input");

  /* Just this one, after a question. */
  lodge_usb_rules_set_for_device (fixture->arch_rules, &keyboard, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give d arch rule");
}

static void
test_twins (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeUsbIdentity plain = { .vendor = 1, .product = 2, .place = "a",
                             .kind = LODGE_USB_KIND_CAMERA };
  LodgeUsbIdentity other = plain;

  other.place = "c";
  fixture->device->is_new = FALSE;
  lodge_usb_world_add_device (fixture->world, "one", &plain);
  lodge_usb_world_add_device (fixture->world, "two", &other);
  lodge_usb_rules_set_for_device (fixture->arch_rules, &plain, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give one arch rule");

  lodge_usb_rules_set_for_device (fixture->win_rules, &other, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give one arch rule; give two win rule");
}

/* A device that was moved is likely meant by a rule, but not if another rule is for just it. */
static void
test_moved_twin (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeUsbIdentity here = { .vendor = 1, .product = 2, .place = "a",
                            .kind = LODGE_USB_KIND_CAMERA };
  LodgeUsbIdentity elsewhere = here;

  elsewhere.place = "c";
  fixture->device->is_new = FALSE;
  lodge_usb_world_add_device (fixture->world, "one", &here);
  lodge_usb_rules_set_for_device (fixture->arch_rules, &elsewhere, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give one arch rule");

  lodge_usb_rules_set_for_device (fixture->win_rules, &here, NULL, LODGE_USB_VERDICT_ALWAYS);
  assert_decides (fixture, "give one win rule");
}

/* Random worlds. */

static const char * const guest_names[] = { "g0", "g1", "g2", "g3" };

static LodgeUsbIdentity
make_identity (guint number)
{
  static const char * const places[] = { "p0", "p1", "p2", "p3", "p4", "p5" };
  static const char * const serials[] = { NULL, "s0", "s1" };
  LodgeUsbIdentity identity = {
    .vendor = g_test_rand_int_range (1, 3),
    .product = 1,
    .serial = serials[g_test_rand_int_range (0, 3)],
    .place = places[number],
    .kind = g_test_rand_int_range (LODGE_USB_KIND_OTHER, LODGE_USB_KIND_SERIAL + 1),
  };

  identity.may_be_input = identity.kind == LODGE_USB_KIND_INPUT || g_test_rand_int_range (0, 8) == 0;

  return identity;
}

static LodgeUsbRules *
make_rules (void)
{
  LodgeUsbRules *rules = lodge_usb_rules_new (NULL);

  for (int i = g_test_rand_int_range (0, 5); i > 0; i--)
    {
      LodgeUsbIdentity identity = make_identity (g_test_rand_int_range (0, 6));
      LodgeUsbVerdict verdict = g_test_rand_int_range (LODGE_USB_VERDICT_ALWAYS,
                                                       LODGE_USB_VERDICT_NEVER + 1);

      if (g_test_rand_bit ())
        lodge_usb_rules_set_for_kind (rules, identity.kind, verdict);
      else
        lodge_usb_rules_set_for_device (rules, &identity, NULL, verdict);
    }

  return rules;
}

static char *
any_guest (void)
{
  return g_test_rand_int_range (0, 4) == 0 ? g_strdup (guest_names[g_test_rand_int_range (0, 4)])
                                           : NULL;
}

typedef struct
{
  LodgeUsbWorld *world;
  GPtrArray     *devices;      /* borrowed */
  GPtrArray     *guests;       /* borrowed */
  GHashTable    *assignments;  /* "device guest" */
} World;

static World
make_world (void)
{
  static const char * const names[] = { "d0", "d1", "d2", "d3", "d4", "d5" };
  World world = { lodge_usb_world_new (), g_ptr_array_new (), g_ptr_array_new (),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  int n_devices = g_test_rand_int_range (0, 6);

  for (int i = 0; i < n_devices; i++)
    {
      LodgeUsbIdentity identity = make_identity (i);
      LodgeUsbWorldDevice *device = lodge_usb_world_add_device (world.world, names[i], &identity);

      device->is_new = g_test_rand_bit ();
      device->safety = g_test_rand_bit () ? LODGE_USB_SAFETY_FREE
                                          : (LodgeUsbSafetyVerdict)g_test_rand_int_range (0, 5);
      device->wanted_by = any_guest ();
      device->is_kept = g_test_rand_int_range (0, 5) == 0;
      device->returned_to = any_guest ();
      device->asked_about = any_guest ();
      device->failed_for = any_guest ();
      g_ptr_array_add (world.devices, device);
    }

  for (int i = g_test_rand_int_range (0, 5) - 1; i >= 0; i--)
    {
      g_autoptr(LodgeUsbRules) rules = g_test_rand_bit () ? make_rules () : NULL;
      LodgeUsbWorldGuest *guest = lodge_usb_world_add_guest (world.world, guest_names[i], rules);

      guest->is_on = g_test_rand_int_range (0, 3) > 0;
      guest->rank = g_test_rand_bit () ? G_MAXUINT : (guint)i;
      g_ptr_array_add (world.guests, guest);
    }

  for (int i = g_test_rand_int_range (0, 4); i > 0; i--)
    {
      const char *device = names[g_test_rand_int_range (0, 6)];
      const char *guest = guest_names[g_test_rand_int_range (0, 4)];

      if (g_hash_table_add (world.assignments, g_strdup_printf ("%s %s", device, guest)))
        lodge_usb_world_add_assignment (world.world, device, guest);
    }

  return world;
}

static void
free_world (World *world)
{
  lodge_usb_world_free (world->world);
  g_ptr_array_unref (world->devices);
  g_ptr_array_unref (world->guests);
  g_hash_table_unref (world->assignments);
}

static LodgeUsbWorldDevice *
find_device (World      *world,
             const char *id)
{
  for (guint i = 0; i < world->devices->len; i++)
    {
      LodgeUsbWorldDevice *device = g_ptr_array_index (world->devices, i);

      if (g_str_equal (device->id, id))
        return device;
    }

  return NULL;
}

static LodgeUsbWorldGuest *
find_guest (World      *world,
            const char *id)
{
  for (guint i = 0; i < world->guests->len; i++)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (world->guests, i);

      if (g_str_equal (guest->id, id))
        return guest;
    }

  return NULL;
}

static void
check_gift (World                *world,
            const LodgeUsbAction *action)
{
  LodgeUsbWorldDevice *device = find_device (world, action->device);
  LodgeUsbWorldGuest *guest = find_guest (world, action->guest);
  LodgeUsbMatch match = LODGE_USB_MATCH_NONE;

  g_assert_nonnull (device);
  g_assert_nonnull (guest);
  g_assert_true (guest->is_on);
  g_assert_false (device->is_kept);
  g_assert_cmpint (device->safety, ==, LODGE_USB_SAFETY_FREE);
  g_assert_cmpstr (device->failed_for, !=, guest->id);

  if (guest->rules != NULL)
    lodge_usb_rules_look_up (guest->rules, &device->identity, &match);

  if (device->identity.may_be_input)
    g_assert_true (action->reason == LODGE_USB_REASON_USER ||
                   (action->reason == LODGE_USB_REASON_RULE && match == LODGE_USB_MATCH_DEVICE));

  if (action->reason == LODGE_USB_REASON_RULE)
    g_assert_cmpint (lodge_usb_rules_look_up (guest->rules, &device->identity, NULL), ==,
                     LODGE_USB_VERDICT_ALWAYS);
}

/* Does in the world what the action says, and checks that it may be done. */
static void
apply (World                *world,
       const LodgeUsbAction *action)
{
  g_autofree char *key = g_strdup_printf ("%s %s", action->device, action->guest);
  LodgeUsbWorldDevice *device = find_device (world, action->device);

  switch (action->kind)
    {
    case LODGE_USB_ACTION_GIVE:
      check_gift (world, action);
      for (guint i = 0; i < G_N_ELEMENTS (guest_names); i++)
        {
          g_autofree char *other = g_strdup_printf ("%s %s", action->device, guest_names[i]);

          g_assert_false (g_hash_table_contains (world->assignments, other));
        }
      g_hash_table_add (world->assignments, g_steal_pointer (&key));
      break;
    case LODGE_USB_ACTION_TAKE:
    case LODGE_USB_ACTION_FORGET:
      g_assert_true (g_hash_table_remove (world->assignments, key));
      break;
    case LODGE_USB_ACTION_ASK:
      g_assert_null (device->asked_about);
      g_assert_true (find_guest (world, action->guest)->is_on);
      device->asked_about = g_strdup (action->guest);
      break;
    case LODGE_USB_ACTION_NOTE_CONFLICT:
      g_assert_false (device->is_conflict_noted);
      g_assert_nonnull (action->others[0]);
      device->is_conflict_noted = TRUE;
      break;
    case LODGE_USB_ACTION_NOTE_HELD_UP:
      g_assert_false (device->is_held_up_noted);
      device->is_held_up_noted = TRUE;
      break;
    default:
      g_assert_not_reached ();
    }
}

/* The same world once more, with the assignments as they are now. */
static LodgeUsbWorld *
copy_world (World *world)
{
  LodgeUsbWorld *copy = lodge_usb_world_new ();
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < world->devices->len; i++)
    {
      LodgeUsbWorldDevice *device = g_ptr_array_index (world->devices, i);
      LodgeUsbWorldDevice *other = lodge_usb_world_add_device (copy, device->id, &device->identity);

      other->is_new = device->is_new;
      other->safety = device->safety;
      other->wanted_by = g_strdup (device->wanted_by);
      other->is_kept = device->is_kept;
      other->returned_to = g_strdup (device->returned_to);
      other->asked_about = g_strdup (device->asked_about);
      other->failed_for = g_strdup (device->failed_for);
      other->is_conflict_noted = device->is_conflict_noted;
      other->is_held_up_noted = device->is_held_up_noted;
    }

  for (guint i = 0; i < world->guests->len; i++)
    {
      LodgeUsbWorldGuest *guest = g_ptr_array_index (world->guests, i);
      LodgeUsbWorldGuest *other = lodge_usb_world_add_guest (copy, guest->id, guest->rules);

      other->is_on = guest->is_on;
      other->rank = guest->rank;
    }

  g_hash_table_iter_init (&iter, world->assignments);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_auto(GStrv) words = g_strsplit (key, " ", 2);

      lodge_usb_world_add_assignment (copy, words[0], words[1]);
    }

  return copy;
}

/* After all has been done: each device once, none that is gone, none in a guest that is off. */
static void
check_world (World *world)
{
  g_autoptr(GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, world->assignments);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_auto(GStrv) words = g_strsplit (key, " ", 2);

      g_assert_nonnull (find_device (world, words[0]));
      g_assert_nonnull (find_guest (world, words[1]));
      g_assert_true (find_guest (world, words[1])->is_on);
      g_assert_true (g_hash_table_add (held, g_strdup (words[0])));
    }
}

static void
test_random_worlds (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      World world = make_world ();
      g_autoptr(GPtrArray) actions = lodge_usb_policy_decide (world.world);
      g_autoptr(LodgeUsbWorld) after = NULL;
      g_autoptr(GPtrArray) more = NULL;

      for (guint i = 0; i < actions->len; i++)
        apply (&world, g_ptr_array_index (actions, i));

      check_world (&world);
      after = copy_world (&world);
      more = lodge_usb_policy_decide (after);
      if (more->len > 0)
        {
          g_autofree char *text = describe (g_ptr_array_index (more, 0));

          g_error ("Round %u: decided again: %s", round, text);
        }

      free_world (&world);
    }
}

#define ADD(name, func) \
  g_test_add ("/core/usb-policy/" name, Fixture, &camera, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("rule-gives", test_rule_gives);
  ADD ("front-guest-wins", test_front_guest_wins);
  ADD ("asks", test_asks);
  ADD ("does-not-ask", test_does_not_ask);
  ADD ("user-is-obeyed", test_user_is_obeyed);
  ADD ("never-takes-back", test_never_takes_back);
  ADD ("ghosts", test_ghosts);
  ADD ("returned", test_returned);
  ADD ("in-use-here", test_in_use_here);
  ADD ("failure-is-not-repeated", test_failure_is_not_repeated);
  ADD ("twins", test_twins);
  ADD ("moved-twin", test_moved_twin);
  g_test_add ("/core/usb-policy/keyboards", Fixture, &keyboard,
              fixture_set_up, test_keyboards, fixture_tear_down);
  g_test_add_func ("/core/usb-policy/random-worlds", test_random_worlds);

  return g_test_run ();
}
