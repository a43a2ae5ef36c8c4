/* test-usb-rules.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "lodge-usb-rules.h"

static const LodgeUsbIdentity camera = {
  .vendor = 0x04a9, .product = 0x32cf, .serial = "0A1", .place = "pci-0000:00:14.0-usb2-1",
  .kind = LODGE_USB_KIND_CAMERA,
};

/* No serial, as most cheap ones. */
static const LodgeUsbIdentity plain = {
  .vendor = 0x1908, .product = 0x2310, .place = "pci-0000:00:14.0-usb2-2",
  .kind = LODGE_USB_KIND_CAMERA,
};

static LodgeUsbIdentity
move (LodgeUsbIdentity  identity,
      const char       *place)
{
  identity.place = place;

  return identity;
}

static LodgeUsbIdentity
with_twin (LodgeUsbIdentity identity)
{
  identity.has_twin = TRUE;

  return identity;
}

static LodgeUsbVerdict
look_up (LodgeUsbRules    *rules,
         LodgeUsbIdentity  identity)
{
  return lodge_usb_rules_look_up (rules, &identity, NULL);
}

static void
test_serial_is_known_anywhere (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);
  LodgeUsbIdentity other = camera;

  lodge_usb_rules_set_for_device (rules, &camera, "Everyday Camera", LODGE_USB_VERDICT_ALWAYS);

  g_assert_cmpint (look_up (rules, camera), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (look_up (rules, move (camera, "elsewhere")), ==, LODGE_USB_VERDICT_ALWAYS);

  other.serial = "0A2";
  g_assert_cmpint (look_up (rules, other), ==, LODGE_USB_VERDICT_NONE);
  other.serial = NULL;
  g_assert_cmpint (look_up (rules, other), ==, LODGE_USB_VERDICT_NONE);
}

/* Makers who give all their devices one serial. */
static void
test_same_serial_is_told_by_place (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);

  lodge_usb_rules_set_for_device (rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);

  g_assert_cmpint (look_up (rules, with_twin (camera)), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (look_up (rules, with_twin (move (camera, "elsewhere"))), ==,
                   LODGE_USB_VERDICT_NONE);
}

static void
test_no_serial_is_told_by_place (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);
  LodgeUsbIdentity moved = move (plain, "elsewhere");
  LodgeUsbMatch match;

  lodge_usb_rules_set_for_device (rules, &plain, NULL, LODGE_USB_VERDICT_ALWAYS);

  g_assert_cmpint (lodge_usb_rules_look_up (rules, &plain, &match), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (match, ==, LODGE_USB_MATCH_DEVICE);

  /* Alone it is most likely the same one. */
  g_assert_cmpint (lodge_usb_rules_look_up (rules, &moved, &match), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (match, ==, LODGE_USB_MATCH_MODEL);

  g_assert_cmpint (look_up (rules, with_twin (plain)), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (look_up (rules, with_twin (moved)), ==, LODGE_USB_VERDICT_NONE);

  /* Two of them, each with its own rule. */
  lodge_usb_rules_set_for_device (rules, &moved, NULL, LODGE_USB_VERDICT_NEVER);
  g_assert_cmpint (look_up (rules, with_twin (plain)), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (look_up (rules, with_twin (moved)), ==, LODGE_USB_VERDICT_NEVER);
  g_assert_cmpint (look_up (rules, moved), ==, LODGE_USB_VERDICT_NEVER);
}

static void
test_kinds (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);
  LodgeUsbIdentity disguised = camera;

  g_assert_true (lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_CAMERA, LODGE_USB_VERDICT_ASK));
  g_assert_cmpint (look_up (rules, camera), ==, LODGE_USB_VERDICT_ASK);
  g_assert_cmpint (look_up (rules, plain), ==, LODGE_USB_VERDICT_ASK);

  /* The device's own rule is closer. */
  lodge_usb_rules_set_for_device (rules, &camera, NULL, LODGE_USB_VERDICT_NEVER);
  g_assert_cmpint (look_up (rules, camera), ==, LODGE_USB_VERDICT_NEVER);
  g_assert_cmpint (look_up (rules, plain), ==, LODGE_USB_VERDICT_ASK);

  disguised.serial = "0A2";
  disguised.may_be_input = TRUE;
  g_assert_cmpint (look_up (rules, disguised), ==, LODGE_USB_VERDICT_NONE);

  g_assert_false (lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_INPUT,
                                                LODGE_USB_VERDICT_ALWAYS));
  g_assert_false (lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_HUB,
                                                LODGE_USB_VERDICT_ALWAYS));
  g_assert_false (lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_OTHER,
                                                LODGE_USB_VERDICT_ALWAYS));
}

static void
test_round_trip (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);
  g_autoptr(LodgeUsbRules) again = NULL;
  g_autofree char *nothing = lodge_usb_rules_dup_xml (rules);
  g_autofree char *xml = NULL;
  g_autofree char *removed = NULL;
  LodgeUsbRule *rule;

  g_assert_null (nothing);

  lodge_usb_rules_set_for_device (rules, &camera, "<b>\"Everyday\"</b> & 'Camera' ü",
                                  LODGE_USB_VERDICT_ALWAYS);
  lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_SECURITY_KEY, LODGE_USB_VERDICT_ASK);
  xml = lodge_usb_rules_dup_xml (rules);

  again = lodge_usb_rules_new (xml);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 2);
  g_assert_cmpint (lodge_usb_rules_get_n_ignored (again), ==, 0);

  rule = lodge_usb_rules_find (again, &camera, NULL);
  g_assert_cmpint (lodge_usb_rule_get_verdict (rule), ==, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (lodge_usb_rule_get_kind (rule), ==, LODGE_USB_KIND_CAMERA);
  g_assert_cmpstr (lodge_usb_rule_get_name (rule), ==, "<b>\"Everyday\"</b> & 'Camera' ü");
  g_assert_cmpstr (lodge_usb_rule_get_serial (rule), ==, camera.serial);
  g_assert_cmpstr (lodge_usb_rule_get_place (rule), ==, camera.place);

  lodge_usb_rules_set_verdict (again, rule, LODGE_USB_VERDICT_NONE);
  lodge_usb_rules_set_for_kind (again, LODGE_USB_KIND_SECURITY_KEY, LODGE_USB_VERDICT_NONE);
  removed = lodge_usb_rules_dup_xml (again);
  g_assert_null (removed);
}

/* What a newer version wrote, and what somebody got wrong, is not acted on and is not lost. */
static void
test_unknown_survives (void)
{
  static const char xml[] =
    "<usb since='2031'><!-- mine -->"
    "<device vendor='04a9' product='32cf' serial='0A1' verdict='always' colour='red'><lens/></device>"
    "<device vendor='04a9' product='32cf' serial='0A1' verdict='on-tuesdays'/>"
    "<device vendor='4a9' product='32cf' verdict='always'/>"
    "<device product='32cf' verdict='always'/>"
    "<device vendor='zzzz' product='32cf' verdict='always'/>"
    "<any kind='input' verdict='always'/>"
    "<any kind='teapot' verdict='always'/>"
    "<any kind='camera'/>"
    "<schedule at='noon'><any kind='camera' verdict='always'/></schedule>"
    "</usb>";
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (xml);
  g_autofree char *written = NULL;
  LodgeUsbIdentity keyboard = { .vendor = 1, .product = 1, .place = "p",
                                .kind = LODGE_USB_KIND_INPUT, .may_be_input = TRUE };

  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (rules)), ==, 1);
  g_assert_cmpint (lodge_usb_rules_get_n_ignored (rules), ==, 8);
  g_assert_cmpint (look_up (rules, plain), ==, LODGE_USB_VERDICT_NONE);
  g_assert_cmpint (look_up (rules, keyboard), ==, LODGE_USB_VERDICT_NONE);

  lodge_usb_rules_set_for_device (rules, &camera, "Camera", LODGE_USB_VERDICT_NEVER);
  lodge_usb_rules_set_for_kind (rules, LODGE_USB_KIND_PHONE, LODGE_USB_VERDICT_ASK);
  written = lodge_usb_rules_dup_xml (rules);

  g_assert_nonnull (strstr (written, "since=\"2031\""));
  g_assert_nonnull (strstr (written, "<!-- mine -->"));
  g_assert_nonnull (strstr (written, "verdict=\"never\" colour=\"red\""));
  g_assert_nonnull (strstr (written, "<lens/>"));
  g_assert_nonnull (strstr (written, "verdict=\"on-tuesdays\""));
  g_assert_nonnull (strstr (written, "vendor=\"4a9\""));
  g_assert_nonnull (strstr (written, "kind=\"teapot\""));
  g_assert_nonnull (strstr (written, "<schedule at=\"noon\"><any kind=\"camera\""));
}

static void
test_unreadable_is_kept (void)
{
  static const char * const texts[] = {
    "<usb><device", "no xml & at all", "<usb></usb><usb/>", "<other><any/></other>", "\xff\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (texts[i]);
      g_autoptr(LodgeUsbRules) again = NULL;
      g_autofree char *written = NULL;
      g_autofree char *twice = NULL;

      g_assert_cmpint (lodge_usb_rules_get_n_ignored (rules), ==, 1);
      lodge_usb_rules_set_for_device (rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
      written = lodge_usb_rules_dup_xml (rules);
      g_assert_nonnull (strstr (written, "unreadable"));

      again = lodge_usb_rules_new (written);
      g_assert_cmpint (look_up (again, camera), ==, LODGE_USB_VERDICT_ALWAYS);
      twice = lodge_usb_rules_dup_xml (again);
      g_assert_cmpstr (written, ==, twice);
    }
}

/* libvirt may hand the element out with a prefix. */
static void
test_prefixes (void)
{
  static const char * const texts[] = {
    "<lodge:usb xmlns:lodge='https://lodgevm.org/xmlns/domain/1'>"
    "<lodge:any kind='camera' verdict='ask'/></lodge:usb>",
    "<usb xmlns='https://lodgevm.org/xmlns/domain/1'><any kind='camera' verdict='ask'/></usb>",
    "<lodge:usb><lodge:any kind='camera' verdict='ask'/></lodge:usb>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (texts[i]);
      g_autoptr(LodgeUsbRules) again = NULL;
      g_autofree char *written = NULL;

      g_assert_cmpint (look_up (rules, plain), ==, LODGE_USB_VERDICT_ASK);

      lodge_usb_rules_set_for_device (rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
      written = lodge_usb_rules_dup_xml (rules);
      again = lodge_usb_rules_new (written);
      g_assert_cmpint (look_up (again, plain), ==, LODGE_USB_VERDICT_ASK);
      g_assert_cmpint (look_up (again, camera), ==, LODGE_USB_VERDICT_ALWAYS);
    }
}

static void
count_cb (gpointer user_data)
{
  ++*(guint *)user_data;
}

/* A rule that was removed by mistake means the same when it is brought back. */
static void
test_bring_back (void)
{
  static const char * const rules_xml[] = {
    "<device vendor='04a9' product='32cf' serial='0A1' kind='camera' name='Mine' verdict='always'/>",
    "<device vendor='04a9' product='32cf' place='pci-0000:00:14.0/1' kind='camera' verdict='ask'/>",
    "<device vendor='04a9' product='32cf' serial='0A1' place='pci-0000:00:14.0/1' kind='camera' verdict='never'/>",
    "<any kind='security-key' verdict='always'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules_xml); i++)
    {
      g_autofree char *xml = g_strconcat ("<usb>", rules_xml[i], "</usb>", NULL);
      g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (xml);
      g_autoptr(LodgeUsbRule) rule = g_list_model_get_item (G_LIST_MODEL (rules), 0);
      g_autoptr(LodgeUsbRule) again = NULL;
      LodgeUsbVerdict verdict = lodge_usb_rule_get_verdict (rule);

      lodge_usb_rules_set_verdict (rules, rule, LODGE_USB_VERDICT_NONE);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rules)), ==, 0);
      lodge_usb_rules_set_verdict (rules, rule, verdict);
      again = g_list_model_get_item (G_LIST_MODEL (rules), 0);
      g_assert_nonnull (again);
      g_assert_cmpint (lodge_usb_rule_get_verdict (again), ==, verdict);
      g_assert_cmpint (lodge_usb_rule_is_for_kind (again), ==, lodge_usb_rule_is_for_kind (rule));
      g_assert_cmpint (lodge_usb_rule_get_kind (again), ==, lodge_usb_rule_get_kind (rule));
      g_assert_cmpuint (lodge_usb_rule_get_vendor (again), ==, lodge_usb_rule_get_vendor (rule));
      g_assert_cmpstr (lodge_usb_rule_get_serial (again), ==, lodge_usb_rule_get_serial (rule));
      g_assert_cmpstr (lodge_usb_rule_get_place (again), ==, lodge_usb_rule_get_place (rule));
      g_assert_cmpstr (lodge_usb_rule_get_name (again), ==, lodge_usb_rule_get_name (rule));
    }
}

/* The echo of one's own writing is no news: rows do not flicker. */
static void
test_load_again (void)
{
  g_autoptr(LodgeUsbRules) rules = lodge_usb_rules_new (NULL);
  g_autofree char *xml = NULL;
  guint changed = 0, items = 0;

  g_signal_connect_swapped (rules, "changed", G_CALLBACK (count_cb), &changed);
  lodge_usb_rules_set_for_device (rules, &camera, NULL, LODGE_USB_VERDICT_ALWAYS);
  g_assert_cmpint (changed, ==, 1);

  xml = lodge_usb_rules_dup_xml (rules);
  g_signal_connect_swapped (rules, "items-changed", G_CALLBACK (count_cb), &items);
  lodge_usb_rules_load (rules, xml);
  g_assert_cmpint (items, ==, 0);

  lodge_usb_rules_load (rules, NULL);
  g_assert_cmpint (items, ==, 1);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (rules)), ==, 0);
  g_assert_cmpint (changed, ==, 1);
}

/* A name in a file that anybody could have edited is as little trusted as a device's. */
static void
test_hostile_name (void)
{
  g_autoptr(LodgeUsbRules) rules =
    lodge_usb_rules_new ("<usb><device vendor='04a9' product='32cf' serial='0A1' verdict='ask' "
                         "name='Cam\xe2\x80\xae&#10;era'/></usb>");
  LodgeUsbRule *rule = lodge_usb_rules_find (rules, &camera, NULL);

  g_assert_cmpstr (lodge_usb_rule_get_name (rule), ==, "Cam era");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/usb-rules/bring-back", test_bring_back);
  g_test_add_func ("/core/usb-rules/serial-is-known-anywhere", test_serial_is_known_anywhere);
  g_test_add_func ("/core/usb-rules/same-serial-is-told-by-place",
                   test_same_serial_is_told_by_place);
  g_test_add_func ("/core/usb-rules/no-serial-is-told-by-place", test_no_serial_is_told_by_place);
  g_test_add_func ("/core/usb-rules/kinds", test_kinds);
  g_test_add_func ("/core/usb-rules/round-trip", test_round_trip);
  g_test_add_func ("/core/usb-rules/unknown-survives", test_unknown_survives);
  g_test_add_func ("/core/usb-rules/unreadable-is-kept", test_unreadable_is_kept);
  g_test_add_func ("/core/usb-rules/prefixes", test_prefixes);
  g_test_add_func ("/core/usb-rules/load-again", test_load_again);
  g_test_add_func ("/core/usb-rules/hostile-name", test_hostile_name);

  return g_test_run ();
}
