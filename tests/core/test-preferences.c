/* test-preferences.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-definition-private.h"
#include "lodge-error.h"

#include <string.h>

/* What Lodge keeps in a guest's metadata: read from data/domains, edited as libvirt hands it out. */

static LodgeDefinition *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "domains", file, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  LodgeDefinition *definition;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  definition = lodge_definition_parse (xml, &error);
  g_assert_no_error (error);

  return definition;
}

static char *
edit_everyday (const char *old,
               gboolean    everyday)
{
  LodgePreferences preferences = { .everyday = everyday };
  g_autoptr(GError) error = NULL;
  char *edited = lodge_preferences_edit (&preferences, LODGE_PREFERENCE_EVERYDAY, old, &error);

  g_assert_no_error (error);

  return edited;
}

static char *
edit_memory (const char *old,
             gboolean    automatic,
             guint64     floor,
             guint64     ceiling)
{
  LodgePreferences preferences = { .automatic_memory = automatic, .memory_floor = floor,
                                   .memory_ceiling = ceiling };
  g_autoptr(GError) error = NULL;
  char *edited = lodge_preferences_edit (&preferences, LODGE_PREFERENCE_MEMORY, old, &error);

  g_assert_no_error (error);

  return edited;
}

static char *
edit_priority (const char    *old,
               LodgePriority  priority)
{
  LodgePreferences preferences = { .priority = priority };
  g_autoptr(GError) error = NULL;
  char *edited = lodge_preferences_edit (&preferences, LODGE_PREFERENCE_PRIORITY, old, &error);

  g_assert_no_error (error);

  return edited;
}

static char *
edit_loan (const char *old,
           const char *borrower,
           guint64     from,
           guint64     amount)
{
  LodgePreferences preferences = { .loan_borrower = (char *)borrower, .loan_from = from,
                                   .loan_amount = amount };
  g_autoptr(GError) error = NULL;
  char *edited = lodge_preferences_edit (&preferences, LODGE_PREFERENCE_LOAN, old, &error);

  g_assert_no_error (error);

  return edited;
}

static char *
edit_usb (const char  *old,
          const char  *rules,
          GError     **error)
{
  LodgePreferences preferences = { .usb_rules = (char *)rules };

  return lodge_preferences_edit (&preferences, LODGE_PREFERENCE_USB_RULES, old, error);
}

static void
test_read (void)
{
  g_autoptr(LodgeDefinition) definition = load ("preferences");
  const LodgePreferences *preferences = &definition->preferences;

  g_assert_true (preferences->everyday);
  g_assert_cmpint (preferences->everyday_since, ==, 1760000000);
  g_assert_true (preferences->automatic_memory);
  g_assert_cmpuint (preferences->memory_floor, ==, 1048576);
  g_assert_cmpuint (preferences->memory_ceiling, ==, 6291456);
  g_assert_cmpint (preferences->priority, ==, LODGE_PRIORITY_FIRST);
  g_assert_null (preferences->notice);
}

/* Whoever knows USB gets it without Lodge's namespace, and that of others with its declaration. */
static void
test_usb_rules_are_plain (void)
{
  g_autoptr(LodgeDefinition) definition = load ("preferences");
  g_autoptr(LodgeDefinition) none = load ("kvm-desktop-running");
  const char *rules = definition->preferences.usb_rules;

  g_assert_true (g_str_has_prefix (rules, "<usb "));
  g_assert_true (g_str_has_suffix (rules, "</usb>"));
  g_assert_nonnull (strstr (rules, "default=\"ask\""));
  g_assert_nonnull (strstr (rules, "<device vendor=\"046d\" product=\"085c\" serial=\"A1&amp;B2\""));
  g_assert_nonnull (strstr (rules, "xmlns:other=\"https://example.org/other\""));
  g_assert_nonnull (strstr (rules, "<other:hint colour=\"red\"/>"));
  g_assert_null (strstr (rules, "lodge"));
  g_assert_null (none->preferences.usb_rules);
}

static void
test_defaults (void)
{
  g_autoptr(LodgeDefinition) others = load ("metadata-of-others");
  g_autoptr(LodgeDefinition) desktop = load ("kvm-desktop-running");

  g_assert_false (others->preferences.everyday);
  g_assert_false (desktop->preferences.automatic_memory);
  g_assert_cmpuint (desktop->preferences.memory_floor, ==, 0);
  g_assert_cmpuint (desktop->preferences.memory_ceiling, ==, 0);
  g_assert_cmpint (desktop->preferences.priority, ==, LODGE_PRIORITY_NORMAL);
  g_assert_null (desktop->preferences.notice);
}

/* What makes no sense is as if it were not there, and it is said. Nothing is moved automatically
 * between limits that nobody meant.
 */
static void
test_nonsense_is_told (void)
{
  g_autoptr(LodgeDefinition) broken = load ("preferences-broken");
  g_autoptr(LodgeDefinition) crossed = load ("preferences-crossed");

  g_assert_false (broken->preferences.automatic_memory);
  g_assert_cmpuint (broken->preferences.memory_floor, ==, 0);
  g_assert_cmpuint (broken->preferences.memory_ceiling, ==, 0);
  g_assert_cmpint (broken->preferences.priority, ==, LODGE_PRIORITY_NORMAL);
  g_assert_cmpstr (broken->preferences.usb_rules, ==, "<usb/>");
  g_assert_cmpstr (broken->preferences.notice, ==,
                   "memory floor=\"-1\"\nmemory ceiling=\"12 parsecs\"\npriority level=\"highest\"");

  g_assert_false (crossed->preferences.automatic_memory);
  g_assert_cmpuint (crossed->preferences.memory_floor, ==, 0);
  g_assert_cmpstr (crossed->preferences.notice, ==, "memory floor=\"4194304\"");
}

static void
test_edited_in_place (void)
{
  const char *old = "<guest a='1'>\n  <usb vendor='04a9'><port>2</port></usb>\n"
                    "  <everyday since='1'/>\n  <everyday/><!-- mine -->\n</guest>";
  g_autofree char *set = edit_everyday (old, TRUE);
  g_autofree char *cleared = edit_everyday (set, FALSE);

  g_assert_nonnull (strstr (set, "<everyday since="));
  g_assert_null (strstr (set, "since=\"1\""));
  g_assert_nonnull (strstr (set, "<usb vendor=\"04a9\"><port>2</port></usb>"));
  g_assert_nonnull (strstr (cleared, "<usb vendor=\"04a9\"><port>2</port></usb>"));
  g_assert_nonnull (strstr (cleared, "a=\"1\""));
  g_assert_nonnull (strstr (cleared, "<!-- mine -->"));
  g_assert_null (strstr (cleared, "everyday"));
}

static void
test_nothing_is_left (void)
{
  g_autofree char *everyday = edit_everyday (NULL, TRUE);
  g_autofree char *memory = edit_memory (everyday, TRUE, 1024, 2048);
  g_autofree char *priority = edit_priority (memory, LODGE_PRIORITY_BACKGROUND);
  g_autofree char *usb = edit_usb (priority, "<usb a='b'/>", NULL);
  g_autofree char *without_usb = edit_usb (usb, NULL, NULL);
  g_autofree char *without_priority = edit_priority (without_usb, LODGE_PRIORITY_NORMAL);
  g_autofree char *without_memory = edit_memory (without_priority, FALSE, 0, 0);
  g_autofree char *nothing = edit_everyday (without_memory, FALSE);
  g_autofree char *none = edit_everyday (NULL, FALSE);

  g_assert_nonnull (strstr (everyday, "<guest><everyday since="));
  g_assert_nonnull (strstr (usb, "<memory automatic=\"yes\" floor=\"1024\" ceiling=\"2048\"/>"));
  g_assert_nonnull (strstr (usb, "<priority level=\"background\"/>"));
  g_assert_nonnull (strstr (usb, "<usb a=\"b\"/>"));
  g_assert_null (strstr (without_memory, "memory"));
  g_assert_null (nothing);
  g_assert_null (none);
}

/* What a newer Lodge has put there under another name is not thrown away. */
static void
test_strangers_survive (void)
{
  static const char *const texts[] =
  {
    "<other><thing/></other>", "<guest>text</guest>", "<guest><lodge:x/></guest>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *set = edit_everyday (texts[i], TRUE);
      g_autofree char *cleared = edit_everyday (set, FALSE);

      g_assert_nonnull (strstr (set, "<everyday since="));
      g_assert_nonnull (strstr (cleared, i == 0 ? "<thing/>" : i == 1 ? "text" : "x/>"));
    }
}

static void
test_newer_parts_survive (void)
{
  const char *old = "<guest><memory automatic='yes' floor='9' swap='never'><night/></memory>"
                    "<priority level='highest' until='noon'/></guest>";
  g_autofree char *off = edit_memory (old, FALSE, 0, 4096);
  g_autofree char *normal = edit_priority (off, LODGE_PRIORITY_NORMAL);
  g_autofree char *everyday = edit_everyday (old, TRUE);

  g_assert_nonnull (strstr (off, "<memory swap=\"never\" ceiling=\"4096\"><night/></memory>"));
  g_assert_nonnull (strstr (off, "<priority level=\"highest\" until=\"noon\"/>"));
  g_assert_nonnull (strstr (normal, "<priority until=\"noon\"/>"));
  g_assert_nonnull (strstr (everyday, "floor=\"9\""));
  g_assert_nonnull (strstr (everyday, "level=\"highest\""));
}

/* A loan is read as it was written, and is not there where it makes no sense. */
static void
test_loan (void)
{
  g_autofree char *lent = edit_loan ("<guest a='1'/>", "5a3c", 4194304, 524288);
  g_autofree char *over = edit_loan (lent, NULL, 0, 0);
  static const char *const texts[] =
  {
    "<lodge:loan for='5a3c' from='4194304' amount='524288'/>", "<lodge:loan for='5a3c' from='1' amount='2'/>",
    "<lodge:loan from='2' amount='1'/>", "<lodge:loan for='5a3c' from='many' amount='1'/>", "",
  };

  g_assert_nonnull (strstr (lent, "<loan for=\"5a3c\" from=\"4194304\" amount=\"524288\"/>"));
  g_assert_null (strstr (over, "loan"));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<domain type='kvm'><name>a</name>"
                                              "<uuid>3b0a6f86-3b0f-4b39-8f5a-3a1de7f1b0c2</uuid><metadata>"
                                              "<lodge:guest xmlns:lodge='" LODGE_XMLNS "'>%s</lodge:guest>"
                                              "</metadata></domain>", texts[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(LodgeDefinition) definition = lodge_definition_parse (xml, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (definition->preferences.loan_borrower, ==, i == 0 ? "5a3c" : NULL);
      if (i == 0)
        g_assert_cmpuint (definition->preferences.loan_amount, ==, 524288);
    }
}

static void
test_usb_rules_must_be_xml (void)
{
  static const char *const texts[] = { "", "text", "<usb>", "<guest/>", "<usb/><usb/>",
                                       "<x:usb xmlns:x='https://example.org/'/>" };
  g_autofree char *edited = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) refused = NULL;

      g_assert_null (edit_usb ("<guest><usb old='1'/></guest>", texts[i], &refused));
      g_assert_error (refused, LODGE_ERROR, LODGE_ERROR_INVALID);
    }

  /* Copied out of a definition, with the namespace. */
  edited = edit_usb ("<guest><usb old='1'/><usb old='2'/></guest>",
                     "<lodge:usb xmlns:lodge='" LODGE_XMLNS "'><lodge:device/></lodge:usb>", &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (edited, "<guest><usb><device/></usb></guest>"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/preferences/read", test_read);
  g_test_add_func ("/core/preferences/usb-rules-are-plain", test_usb_rules_are_plain);
  g_test_add_func ("/core/preferences/defaults", test_defaults);
  g_test_add_func ("/core/preferences/nonsense-is-told", test_nonsense_is_told);
  g_test_add_func ("/core/preferences/edited-in-place", test_edited_in_place);
  g_test_add_func ("/core/preferences/nothing-is-left", test_nothing_is_left);
  g_test_add_func ("/core/preferences/strangers-survive", test_strangers_survive);
  g_test_add_func ("/core/preferences/newer-parts-survive", test_newer_parts_survive);
  g_test_add_func ("/core/preferences/loan", test_loan);
  g_test_add_func ("/core/preferences/usb-rules-must-be-xml", test_usb_rules_must_be_xml);

  return g_test_run ();
}
