/* test-libvirt-metadata.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-machine-private.h"
#include "lodge-core.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* Through libvirt and back, running and stored, by libvirt's test driver. */

typedef struct
{
  LodgeLink    *link;
  virDomainPtr  domain;
} Fixture;

static const LodgeLinkEvents no_events;

/* Instead of libvirt's: a daemon that is too busy to tell what is there, and then takes what it gets. */
static gboolean refuses;

char *
virDomainGetMetadata (virDomainPtr  domain,
                      int           type,
                      const char   *uri,
                      unsigned int  flags)
{
  char *(*real) (virDomainPtr, int, const char *, unsigned int) =
    dlsym (RTLD_NEXT, "virDomainGetMetadata");

  return real (domain, refuses ? VIR_DOMAIN_METADATA_ELEMENT + 1 : type, uri, flags);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "hosts", "one.xml", NULL);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  g_autoptr(GError) error = NULL;
  GWeakRef nobody;

  g_weak_ref_init (&nobody, NULL);
  fixture->link = lodge_link_open (uri, &no_events, &nobody, &error);
  g_assert_no_error (error);
  g_weak_ref_clear (&nobody);
  fixture->domain = virDomainLookupByName (lodge_link_get_connect (fixture->link), "test");
  g_assert_nonnull (fixture->domain);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  virDomainFree (fixture->domain);
  lodge_link_unref (fixture->link);
}

static void
write_parts (Fixture                *fixture,
             const LodgePreferences *preferences,
             LodgePreferenceFlags    what)
{
  g_autoptr(GError) error = NULL;

  lodge_libvirt_write_preferences (fixture->link, fixture->domain, preferences, what, &error);
  g_assert_no_error (error);
}

static char *
dup_xml (Fixture  *fixture,
         gboolean  stored)
{
  char *xml = virDomainGetXMLDesc (fixture->domain, stored ? VIR_DOMAIN_XML_INACTIVE : 0);
  char *copy = g_strdup (xml);

  free (xml);

  return copy;
}

static LodgeDefinition *
read_back (Fixture  *fixture,
           gboolean  stored)
{
  g_autofree char *xml = dup_xml (fixture, stored);
  g_autoptr(GError) error = NULL;
  LodgeDefinition *definition = lodge_definition_parse (xml, &error);

  g_assert_no_error (error);

  return definition;
}

static void
set_metadata (Fixture    *fixture,
              const char *text,
              guint       scope)
{
  g_assert_cmpint (virDomainSetMetadata (fixture->domain, VIR_DOMAIN_METADATA_ELEMENT, text,
                                         LODGE_XMLNS_PREFIX, LODGE_XMLNS, scope), ==, 0);
}

static void
test_everyday (Fixture       *fixture,
               gconstpointer  data)
{
  set_metadata (fixture, "<guest><future level='3'><deep/></future></guest>",
                VIR_DOMAIN_AFFECT_CONFIG);

  for (int everyday = 1; everyday >= 0; everyday--)
    {
      LodgePreferences preferences = { .everyday = everyday };

      write_parts (fixture, &preferences, LODGE_PREFERENCE_EVERYDAY);

      for (int stored = 0; stored <= 1; stored++)
        {
          g_autoptr(LodgeDefinition) definition = read_back (fixture, stored);
          g_autofree char *xml = dup_xml (fixture, stored);

          g_assert_cmpint (definition->preferences.everyday, ==, everyday);
          if (stored)
            g_assert_nonnull (strstr (xml, "<lodge:deep/>"));
        }
    }
}

/* Each part is written without touching the others. */
static void
test_parts_are_independent (Fixture       *fixture,
                            gconstpointer  data)
{
  LodgePreferences memory = { .automatic_memory = TRUE, .memory_floor = 262144,
                              .memory_ceiling = 4194304 };
  LodgePreferences priority = { .priority = LODGE_PRIORITY_FIRST };
  LodgePreferences usb = { .usb_rules = (char *)"<usb><device vendor=\"04a9\"/></usb>" };

  write_parts (fixture, &memory, LODGE_PREFERENCE_MEMORY);
  write_parts (fixture, &priority, LODGE_PREFERENCE_PRIORITY);
  write_parts (fixture, &usb, LODGE_PREFERENCE_USB_RULES);

  for (int stored = 0; stored <= 1; stored++)
    {
      g_autoptr(LodgeDefinition) definition = read_back (fixture, stored);
      const LodgePreferences *preferences = &definition->preferences;

      g_assert_false (preferences->everyday);
      g_assert_true (preferences->automatic_memory);
      g_assert_cmpuint (preferences->memory_floor, ==, 262144);
      g_assert_cmpuint (preferences->memory_ceiling, ==, 4194304);
      g_assert_cmpint (preferences->priority, ==, LODGE_PRIORITY_FIRST);
      g_assert_nonnull (strstr (preferences->usb_rules, "<device vendor=\"04a9\"/>"));
      g_assert_null (preferences->notice);
    }
}

/* It is the running guest that has less memory; its next start has all. */
static void
test_loan_ends_with_the_run (Fixture       *fixture,
                             gconstpointer  data)
{
  LodgePreferences loan = { .loan_borrower = (char *)"5a3c", .loan_from = 2048, .loan_amount = 1024 };
  LodgePreferences none = { 0, };
  g_autoptr(LodgeDefinition) live = NULL, stored = NULL, after = NULL;

  write_parts (fixture, &loan, LODGE_PREFERENCE_LOAN);
  live = read_back (fixture, FALSE);
  stored = read_back (fixture, TRUE);
  g_assert_cmpstr (live->preferences.loan_borrower, ==, "5a3c");
  g_assert_cmpuint (live->preferences.loan_from, ==, 2048);
  g_assert_null (stored->preferences.loan_borrower);

  write_parts (fixture, &none, LODGE_PREFERENCE_LOAN);
  after = read_back (fixture, FALSE);
  g_assert_null (after->preferences.loan_borrower);
}

/* Running and stored may differ; each is edited for itself. */
static void
test_scopes_are_edited_apart (Fixture       *fixture,
                              gconstpointer  data)
{
  LodgePreferences priority = { .priority = LODGE_PRIORITY_BACKGROUND };
  g_autofree char *live = NULL;
  g_autofree char *stored = NULL;

  set_metadata (fixture, "<guest><only-live/></guest>", VIR_DOMAIN_AFFECT_LIVE);
  set_metadata (fixture, "<guest><only-stored/></guest>", VIR_DOMAIN_AFFECT_CONFIG);
  write_parts (fixture, &priority, LODGE_PREFERENCE_PRIORITY);

  live = dup_xml (fixture, FALSE);
  stored = dup_xml (fixture, TRUE);
  g_assert_nonnull (strstr (live, "<lodge:only-live/>"));
  g_assert_null (strstr (live, "only-stored"));
  g_assert_nonnull (strstr (live, "level=\"background\""));
  g_assert_nonnull (strstr (stored, "<lodge:only-stored/>"));
  g_assert_nonnull (strstr (stored, "level=\"background\""));
}

/* What could not be read is not written over. */
static void
test_unread_is_kept (Fixture       *fixture,
                     gconstpointer  data)
{
  LodgePreferences usb = { .usb_rules = (char *)"<usb><device vendor=\"04a9\"/></usb>" };
  LodgePreferences priority = { .priority = LODGE_PRIORITY_FIRST };
  g_autoptr(GError) error = NULL;

  write_parts (fixture, &usb, LODGE_PREFERENCE_USB_RULES);
  refuses = TRUE;
  g_assert_false (lodge_libvirt_write_preferences (fixture->link, fixture->domain, &priority,
                                                   LODGE_PREFERENCE_PRIORITY, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
  refuses = FALSE;

  for (int stored = 0; stored <= 1; stored++)
    {
      g_autoptr(LodgeDefinition) definition = read_back (fixture, stored);

      g_assert_nonnull (definition->preferences.usb_rules);
      g_assert_cmpint (definition->preferences.priority, ==, LODGE_PRIORITY_NORMAL);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

  g_test_add ("/core/libvirt-metadata/everyday", Fixture, NULL,
              fixture_set_up, test_everyday, fixture_tear_down);
  g_test_add ("/core/libvirt-metadata/parts-are-independent", Fixture, NULL,
              fixture_set_up, test_parts_are_independent, fixture_tear_down);
  g_test_add ("/core/libvirt-metadata/loan-ends-with-the-run", Fixture, NULL,
              fixture_set_up, test_loan_ends_with_the_run, fixture_tear_down);
  g_test_add ("/core/libvirt-metadata/scopes-are-edited-apart", Fixture, NULL,
              fixture_set_up, test_scopes_are_edited_apart, fixture_tear_down);
  g_test_add ("/core/libvirt-metadata/unread-is-kept", Fixture, NULL,
              fixture_set_up, test_unread_is_kept, fixture_tear_down);

  return g_test_run ();
}
