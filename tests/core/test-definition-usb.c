/* test-definition-usb.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What domain XML says of USB, and room for devices in guests that others made.
 */

#include "config.h"

#include <string.h>

#include "lodge-definition-private.h"
#include "lodge-error.h"

#define DOMAIN(id, devices) "<domain type='qemu'" id "><name>x</name><devices>" devices "</devices></domain>"

static LodgeDefinition *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  LodgeDefinition *definition = lodge_definition_parse (xml, &error);

  g_assert_no_error (error);

  return definition;
}

static const LodgeUsbHostdev *
hostdev (const LodgeDefinition *definition,
         guint                  i)
{
  return g_ptr_array_index (definition->usb.hostdevs, i);
}

static const char devices[] =
  DOMAIN (" id='3'",
          "<hostdev mode='subsystem' type='usb'><source><vendor id='0x46f4'/><product id='0x0001'/>"
          "<address bus='2' device='9'/></source><alias name='ua-lodge-usb-2-9-1'/></hostdev>"
          "<hostdev mode='subsystem' type='pci'><source><address bus='0x01'/></source></hostdev>"
          "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='12'/></source>"
          "<alias name='hostdev1'/><address type='usb' bus='0' port='2'/></hostdev>"
          "<hostdev mode='subsystem' type='usb'><source startupPolicy='optional' missing='yes'>"
          "<vendor id='0x1'/><address bus='1' device='1'/></source></hostdev>"
          "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/></source></hostdev>");

static void
test_hostdevs (void)
{
  g_autoptr(LodgeDefinition) definition = parse (devices);

  g_assert_cmpuint (definition->usb.hostdevs->len, ==, 2);
  g_assert_cmpstr (hostdev (definition, 0)->alias, ==, "ua-lodge-usb-2-9-1");
  g_assert_cmpuint (hostdev (definition, 0)->vendor, ==, 0x46f4);
  g_assert_cmpuint (hostdev (definition, 0)->product, ==, 1);
  g_assert_cmpuint (hostdev (definition, 0)->bus, ==, 2);
  g_assert_cmpuint (hostdev (definition, 0)->address, ==, 9);
  g_assert_cmpuint (hostdev (definition, 1)->vendor, ==, 0);
  g_assert_cmpuint (hostdev (definition, 1)->address, ==, 12);
}

/* What is stored in a guest that is off is no device that it has. */
static void
test_off (void)
{
  g_autoptr(LodgeDefinition) definition =
    parse (DOMAIN ("", "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='12'/>"
                       "</source></hostdev>"));

  g_assert_null (definition->usb.hostdevs);
}

static void
test_equal (void)
{
  g_autoptr(LodgeDefinition) one = parse (devices);
  g_autoptr(LodgeDefinition) same = parse (devices);
  g_autoptr(LodgeDefinition) none = parse (DOMAIN ("", ""));

  g_assert_true (lodge_usb_definition_equal (&one->usb, &same->usb));
  g_assert_false (lodge_usb_definition_equal (&one->usb, &none->usb));
  g_assert_false (lodge_usb_definition_equal (&none->usb, &one->usb));
}

static const struct
{
  const char *name;
  const char *devices;
  guint       ports;
} rooms[] =
{
  { "nothing", "", 0 },
  { "none", "<controller type='usb' model='none'/>", 0 },
  { "uhci", "<controller type='usb' index='0' model='piix3-uhci'/>", 2 },
  { "xhci", "<controller type='usb' index='0' model='qemu-xhci'/>", 4 },
  { "large", "<controller type='usb' index='0' model='qemu-xhci' ports='15'/>", 15 },
  { "two", "<controller type='usb' index='0' model='piix3-uhci'/>"
           "<controller type='usb' index='1' model='nec-xhci' ports='8'/>", 8 },
};

static void
test_room (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *xml =
    g_strdup_printf (DOMAIN ("", "<disk type='file'/>%s<graphics type='spice'/><x:y xmlns:x='urn:z'>&amp;</x:y>"),
                     rooms[i].devices);
  g_autoptr(LodgeDefinition) before = parse (xml);
  g_autoptr(LodgeDefinition) after = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *edited = lodge_definition_add_usb (xml, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (before->usb.ports, ==, rooms[i].ports);

  after = parse (edited);
  g_assert_cmpuint (after->usb.ports, ==, 15);
  g_assert_cmpuint (after->usb.redirections, ==, 4);
  g_assert_nonnull (strstr (edited, "<disk type=\"file\"/>"));
  g_assert_nonnull (strstr (edited, "<x:y xmlns:x=\"urn:z\">&amp;</x:y>"));

  /* What is plugged into another controller stays there. */
  if (strstr (rooms[i].devices, "piix3") != NULL)
    g_assert_nonnull (strstr (edited, "<controller type=\"usb\" index=\"0\" model=\"piix3-uhci\"/>"));

  again = lodge_definition_add_usb (edited, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, edited);
}

/* Without a SPICE screen nobody could redirect. */
static void
test_no_spice (void)
{
  g_autofree char *edited = lodge_definition_add_usb (DOMAIN ("", "<graphics type='vnc'/>"), NULL);
  g_autoptr(LodgeDefinition) after = parse (edited);

  g_assert_cmpuint (after->usb.ports, ==, 15);
  g_assert_cmpuint (after->usb.redirections, ==, 0);
}

static void
test_broken (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LodgeDefinition) strange =
    parse (DOMAIN (" id='1'", "<hostdev type='usb'><source><vendor id='zz'/><address bus='-1' device='9999999999'/>"
                              "</source></hostdev><controller type='usb' model='qemu-xhci' ports='x'/>"));

  g_assert_cmpuint (hostdev (strange, 0)->vendor, ==, 0);
  g_assert_cmpuint (hostdev (strange, 0)->address, ==, 0);
  g_assert_null (hostdev (strange, 0)->alias);
  g_assert_cmpuint (strange->usb.ports, ==, 4);

  g_assert_null (lodge_definition_add_usb ("<network/>", &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
}

static void
test_build (void)
{
  LodgeUsbHostdev built = { .alias = (char *)"ua-lodge-usb-1", .bus = 3, .address = 7,
                            .vendor = 0x1209, .product = 0xc0a };
  g_autofree char *xml = lodge_usb_hostdev_build_xml (&built);
  g_autofree char *whole = g_strdup_printf (DOMAIN (" id='1'", "%s"), xml);
  g_autoptr(LodgeDefinition) definition = parse (whole);

  g_assert_cmpuint (hostdev (definition, 0)->vendor, ==, 0x1209);
  g_assert_cmpuint (hostdev (definition, 0)->product, ==, 0xc0a);
  g_assert_cmpuint (hostdev (definition, 0)->bus, ==, 3);
  g_assert_cmpuint (hostdev (definition, 0)->address, ==, 7);
  g_assert_cmpstr (hostdev (definition, 0)->alias, ==, "ua-lodge-usb-1");

  /* With this one, QEMU would take any device if this one is absent. */
  g_assert_null (strstr (xml, "optional"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/definition-usb/hostdevs", test_hostdevs);
  g_test_add_func ("/core/definition-usb/off", test_off);
  g_test_add_func ("/core/definition-usb/equal", test_equal);
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autofree char *path = g_strconcat ("/core/definition-usb/room/", rooms[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_room);
    }
  g_test_add_func ("/core/definition-usb/no-spice", test_no_spice);
  g_test_add_func ("/core/definition-usb/broken", test_broken);
  g_test_add_func ("/core/definition-usb/build", test_build);

  return g_test_run ();
}
