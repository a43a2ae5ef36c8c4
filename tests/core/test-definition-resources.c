/* test-definition-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-definition-resources-private.h"

#include <string.h>

static const char growing[] =
  "<domain type='qemu'>"
  "<maxMemory slots='4' unit='GiB'>4</maxMemory><memory unit='MiB'>2560</memory>"
  "<currentMemory unit='MiB'>400</currentMemory><vcpu current='2'>4</vcpu>"
  "<vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/><vcpu id='1' enabled='yes' hotpluggable='yes'/>"
  "<vcpu id='2' enabled='no' hotpluggable='yes'/><vcpu id='3' enabled='no' hotpluggable='yes'/></vcpus>"
  "<cputune><shares>256</shares><global_period>50000</global_period>"
  "<global_quota>75000</global_quota></cputune>"
  "<cpu><topology sockets='1' cores='2' threads='2'/><numa><cell id='0' memory='512' unit='MiB'/></numa>"
  "</cpu><devices>"
  "<memory model='virtio-mem'><target><size unit='MiB'>2048</size><block unit='MiB'>2</block>"
  "<requested unit='MiB'>1024</requested><current unit='MiB'>512</current></target>"
  "<alias name='ua-mine'/><address type='pci' bus='0x05'/></memory>"
  "<memballoon model='virtio' autodeflate='on'><stats period='7'/></memballoon>"
  "<channel><target name='org.qemu.guest_agent.0' state='connected'/></channel>"
  "</devices></domain>";

static void
test_reads (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LodgeResourceDefinition) definition = lodge_resource_definition_parse (growing, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lodge_resource_definition_get_boot (definition), ==, 512 * 1024);
  g_assert_cmpuint (lodge_resource_definition_get_pluggable (definition), ==, 2048 * 1024);
  g_assert_cmpuint (lodge_resource_definition_get_plugged (definition, FALSE), ==, 1024 * 1024);
  g_assert_cmpuint (lodge_resource_definition_get_plugged (definition, TRUE), ==, 512 * 1024);
  g_assert_cmpuint (definition->hotplug_maximum, ==, 4096 * 1024);
  g_assert_cmpuint (definition->vcpus, ==, 2);
  g_assert_cmpuint (definition->vcpus_maximum, ==, 4);
  g_assert_cmpuint (definition->vcpus_removable, ==, 1);
  g_assert_cmpuint (definition->shares, ==, 256);
  g_assert_cmpint (definition->global_quota, ==, 75000);
  g_assert_cmpuint (definition->global_period, ==, 50000);
  g_assert_cmpuint (definition->threads, ==, 2);
  g_assert_true (definition->deflates);
  g_assert_false (definition->reports);
  g_assert_cmpuint (definition->balloon_period, ==, 7);
  g_assert_true (definition->agent_connected);
}

/* The device itself, with all that it says, asking for something else. */
static void
test_requests (void)
{
  g_autofree char *by_alias = lodge_definition_request_memory (growing, "ua-mine", 9, 2048);
  g_autofree char *by_place = lodge_definition_request_memory (growing, NULL, 0, 2048);

  g_assert_cmpstr (by_alias, ==, by_place);
  g_assert_true (g_str_has_prefix (by_alias, "<memory model=\"virtio-mem\">"));
  g_assert_nonnull (strstr (by_alias, "<requested unit=\"KiB\">2048</requested>"));
  g_assert_nonnull (strstr (by_alias, "<address type=\"pci\" bus=\"0x05\"/>"));
  g_assert_null (strstr (by_alias, "<current"));

  g_assert_null (lodge_definition_request_memory (growing, "ua-other", 0, 2048));
  g_assert_null (lodge_definition_request_memory (growing, NULL, 1, 2048));
}

/* Whatever stands there, it is read. */
static void
test_reads_anything (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "domains", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *xml = NULL;
      g_autoptr(LodgeResourceDefinition) definition = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &xml, NULL, NULL));
      definition = lodge_resource_definition_parse (xml, &error);

      if (definition == NULL)
        g_assert_nonnull (error);
      else
        g_assert_cmpuint (lodge_resource_definition_get_boot (definition), <=, definition->memory);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/definition-resources/reads", test_reads);
  g_test_add_func ("/core/definition-resources/requests", test_requests);
  g_test_add_func ("/core/definition-resources/reads-anything", test_reads_anything);

  return g_test_run ();
}
