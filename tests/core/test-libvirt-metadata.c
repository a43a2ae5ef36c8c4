/* test-libvirt-metadata.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-machine-private.h"
#include "lodge-core.h"

#include <stdlib.h>
#include <string.h>

static void
test_edited_in_place (void)
{
  const char *old = "<guest a='1'>\n  <usb vendor='04a9'><port>2</port></usb>\n"
                    "  <everyday since='1'/>\n  <everyday/><!-- mine -->\n</guest>";
  g_autofree char *set = lodge_libvirt_edit_everyday (old, TRUE);
  g_autofree char *cleared = lodge_libvirt_edit_everyday (set, FALSE);

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
  g_autofree char *set = lodge_libvirt_edit_everyday (NULL, TRUE);
  g_autofree char *cleared = lodge_libvirt_edit_everyday (set, FALSE);
  g_autofree char *none = lodge_libvirt_edit_everyday (NULL, FALSE);

  g_assert_nonnull (strstr (set, "<guest><everyday since="));
  g_assert_null (cleared);
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
      g_autofree char *set = lodge_libvirt_edit_everyday (texts[i], TRUE);
      g_autofree char *cleared = lodge_libvirt_edit_everyday (set, FALSE);

      g_assert_nonnull (strstr (set, "<everyday since="));
      g_assert_nonnull (strstr (cleared, i == 0 ? "<thing/>" : i == 1 ? "text" : "x/>"));
    }
}

/* Through libvirt and back, running and stored. */
static void
test_libvirt_keeps_it (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "hosts", "one.xml", NULL);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);
  virConnectPtr connect = virConnectOpen (uri);
  virDomainPtr domain = virDomainLookupByName (connect, "test");
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (domain);
  g_assert_cmpint (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT,
                                         "<guest><future level='3'><deep/></future></guest>",
                                         LODGE_XMLNS_PREFIX, LODGE_XMLNS,
                                         VIR_DOMAIN_AFFECT_CONFIG), ==, 0);

  for (int everyday = 1; everyday >= 0; everyday--)
    {
      lodge_libvirt_write_everyday (domain, everyday, &error);
      g_assert_no_error (error);

      for (int stored = 0; stored <= 1; stored++)
        {
          g_autoptr(LodgeDefinition) definition = NULL;
          char *xml = virDomainGetXMLDesc (domain, stored ? VIR_DOMAIN_XML_INACTIVE : 0);

          definition = lodge_definition_parse (xml, &error);
          g_assert_no_error (error);
          g_assert_cmpint (definition->everyday, ==, everyday);
          if (stored)
            g_assert_nonnull (strstr (xml, "<lodge:deep/>"));
          free (xml);
        }
    }

  virDomainFree (domain);
  virConnectClose (connect);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

  g_test_add_func ("/core/libvirt-metadata/edited-in-place", test_edited_in_place);
  g_test_add_func ("/core/libvirt-metadata/nothing-is-left", test_nothing_is_left);
  g_test_add_func ("/core/libvirt-metadata/strangers-survive", test_strangers_survive);
  g_test_add_func ("/core/libvirt-metadata/libvirt-keeps-it", test_libvirt_keeps_it);

  return g_test_run ();
}
