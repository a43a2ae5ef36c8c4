/* test-definition.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-definition-private.h"
#include "lodge-error.h"

#include <string.h>

/* Domain XML of every shape: data/domains. */

static char *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "domains", file, NULL);
  g_autoptr(GError) error = NULL;
  char *xml = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);

  return xml;
}

static LodgeDefinition *
parse (const char *name)
{
  g_autofree char *xml = load (name);
  g_autoptr(GError) error = NULL;
  LodgeDefinition *definition = lodge_definition_parse (xml, &error);

  g_assert_no_error (error);

  return definition;
}

static void
test_running_desktop (void)
{
  g_autoptr(LodgeDefinition) definition = parse ("kvm-desktop-running");

  g_assert_cmpstr (definition->name, ==, "desktop");
  g_assert_cmpstr (definition->title, ==, "My desktop");
  g_assert_cmpstr (definition->description, ==, "First line\nsecond line");
  g_assert_false (lodge_definition_is_emulated (definition));
  g_assert_cmpuint (definition->maximum_memory, ==, 8388608);
  g_assert_cmpuint (definition->memory, ==, 4194304);
  g_assert_cmpuint (definition->vcpus, ==, 2);
  g_assert_cmpstr (definition->discs[0], ==, "/var/lib/libvirt/images/desktop.qcow2");
  g_assert_null (definition->discs[1]);
  g_assert_true (definition->preferences.everyday);
  g_assert_cmpint (definition->preferences.everyday_since, ==, 1700000000);
  g_assert_true (definition->has_console);
  g_assert_cmpstr (definition->console, ==, "serial0");
  g_assert_true (definition->has_agent_channel);
  g_assert_true (definition->agent_connected);
  g_assert_true (definition->has_sound);
  g_assert_cmpint (definition->graphics.type, ==, LODGE_GRAPHICS_SPICE);
  g_assert_cmpint (definition->graphics.listen, ==, LODGE_LISTEN_ADDRESS);
  g_assert_cmpstr (definition->graphics.address, ==, "127.0.0.1");
  g_assert_cmpuint (definition->graphics.port, ==, 5900);
  g_assert_false (definition->graphics.has_password);
}

static const struct
{
  const char        *file;
  LodgeGraphicsType  type;
  LodgeListen        listen;
  guint              index;
  const char        *address;
  const char        *socket;
  guint              port;
  guint              tls_port;
  gboolean           has_password;
} screens[] =
{
  { "no-devices", LODGE_GRAPHICS_NONE, LODGE_LISTEN_NONE, 0, NULL, NULL, 0, 0, FALSE },
  { "spice-listen-none", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_NONE, 0, NULL, NULL, 0, 0, FALSE },
  { "spice-socket", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_SOCKET, 0,
    NULL, "/run/user/1000/spice.sock", 0, 0, FALSE },
  { "vnc-socket-attribute", LODGE_GRAPHICS_VNC, LODGE_LISTEN_SOCKET, 0,
    NULL, "/run/vnc.sock", 0, 0, FALSE },
  { "spice-tls-only", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_ADDRESS, 0,
    "0.0.0.0", NULL, 0, 5901, TRUE },
  { "spice-autoport-off", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_ADDRESS, 0, NULL, NULL, 0, 0, FALSE },
  { "vnc-then-spice", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_ADDRESS, 2, "::", NULL, 5903, 0, FALSE },
  { "vnc-only", LODGE_GRAPHICS_VNC, LODGE_LISTEN_ADDRESS, 0, "127.0.0.1", NULL, 5904, 0, TRUE },
  { "odd-graphics", LODGE_GRAPHICS_OTHER, LODGE_LISTEN_ADDRESS, 0, NULL, NULL, 0, 0, FALSE },
  { "strange-ports", LODGE_GRAPHICS_SPICE, LODGE_LISTEN_ADDRESS, 0, NULL, NULL, 0, 0, FALSE },
  { "xen-pv", LODGE_GRAPHICS_VNC, LODGE_LISTEN_ADDRESS, 0, NULL, NULL, 0, 0, FALSE },
  { "nested-decoys", LODGE_GRAPHICS_NONE, LODGE_LISTEN_NONE, 0, NULL, NULL, 0, 0, FALSE },
  { "comments-and-cdata", LODGE_GRAPHICS_NONE, LODGE_LISTEN_NONE, 0, NULL, NULL, 0, 0, FALSE },
};

static void
test_screens (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      g_autoptr(LodgeDefinition) definition = parse (screens[i].file);
      const LodgeGraphics *graphics = &definition->graphics;

      g_test_message ("%s", screens[i].file);
      g_assert_cmpint (graphics->type, ==, screens[i].type);
      g_assert_cmpint (graphics->listen, ==, screens[i].listen);
      g_assert_cmpuint (graphics->index, ==, screens[i].index);
      g_assert_cmpstr (graphics->address, ==, screens[i].address);
      g_assert_cmpstr (graphics->socket, ==, screens[i].socket);
      g_assert_cmpuint (graphics->port, ==, screens[i].port);
      g_assert_cmpuint (graphics->tls_port, ==, screens[i].tls_port);
      g_assert_cmpint (graphics->has_password, ==, screens[i].has_password);
    }
}

static void
test_consoles (void)
{
  g_autoptr(LodgeDefinition) lxc = parse ("lxc");
  g_autoptr(LodgeDefinition) virtio = parse ("qemu-commandline");
  g_autoptr(LodgeDefinition) tcp = parse ("vnc-only");

  g_assert_true (lxc->has_console);
  g_assert_cmpstr (lxc->console, ==, "console0");
  g_assert_true (virtio->has_console);
  g_assert_null (virtio->console);

  /* Libvirt could not open it. */
  g_assert_false (tcp->has_console);
}

static void
test_numbers (void)
{
  g_autoptr(LodgeDefinition) units = parse ("units");
  g_autoptr(LodgeDefinition) gibibytes = parse ("no-uuid-no-name");
  g_autoptr(LodgeDefinition) absurd = parse ("absurd-numbers");

  g_assert_cmpuint (units->maximum_memory, ==, 1024 * 1024);
  g_assert_cmpuint (units->memory, ==, 500 * 1000 * 1000 / 1024);
  g_assert_cmpuint (units->vcpus, ==, 255);
  g_assert_cmpuint (gibibytes->memory, ==, 2 * 1024 * 1024);
  g_assert_cmpuint (gibibytes->vcpus, ==, 1);
  g_assert_cmpuint (absurd->maximum_memory, >, 0);
  g_assert_cmpuint (absurd->memory, ==, 0);
  g_assert_cmpuint (absurd->vcpus, ==, 0);
}

static void
test_everyday_is_ours_only (void)
{
  g_autoptr(LodgeDefinition) others = parse ("metadata-of-others");
  g_autoptr(LodgeDefinition) broken = parse ("metadata-broken");

  g_assert_false (others->preferences.everyday);
  g_assert_true (broken->preferences.everyday);
}

/* Only what was plugged into the QEMU that runs: the stored definition is for a new one. */
static void
test_cores_changed (void)
{
  g_autoptr(LodgeDefinition) desktop = parse ("kvm-desktop-running");
  g_autoptr(LodgeDefinition) plugged = parse ("vcpus-plugged-running");
  g_autoptr(LodgeDefinition) stored = parse ("vcpus-plugged-stored");

  g_assert_false (desktop->cores_changed);
  g_assert_true (plugged->cores_changed);
  g_assert_cmpuint (plugged->vcpus, ==, 2);
  g_assert_false (stored->cores_changed);
}

static void
test_texts (void)
{
  g_autoptr(LodgeDefinition) markup = parse ("markup-name");
  g_autoptr(LodgeDefinition) lengthy = parse ("long-name");
  g_autoptr(LodgeDefinition) control = parse ("control-characters");
  g_autoptr(LodgeDefinition) entities = parse ("entities");
  g_autoptr(LodgeDefinition) cdata = parse ("comments-and-cdata");
  g_autoptr(LodgeDefinition) rtl = parse ("rtl-emoji");

  g_assert_cmpstr (markup->name, ==, "<b>bold<b> & \"quoted\" %s %n");
  g_assert_cmpuint (strlen (lengthy->name), ==, 255);
  g_assert_cmpuint (strlen (lengthy->title), ==, 65536);
  g_assert_null (control->description);
  g_assert_cmpstr (cdata->name, ==, "c<data>");
  g_assert_cmpstr (cdata->title, ==, "ab");
  g_assert_true (g_utf8_validate (rtl->name, -1, NULL));

  /* Nobody's files are read for it. */
  g_assert_true (entities->description == NULL || strstr (entities->description, "root") == NULL);
}

static void
test_no_domain_at_all (void)
{
  static const char *const texts[] =
  {
    "", " ", "<", "<domain", "domain", "<network/>", "<domain></network>", "\x01\x02",
    "<domain type='qemu'><name>\xff\xfe</name></domain>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (lodge_definition_parse (texts[i], &error));
      g_assert_error (error, LODGE_ERROR, LODGE_ERROR_INVALID);
    }
}

static void
try_all (const char *xml)
{
  g_autoptr(LodgeDefinition) definition = lodge_definition_parse (xml, NULL);
  g_autofree char *emulated = lodge_definition_set_emulated (xml, TRUE, NULL);
  g_autofree char *accelerated = lodge_definition_set_emulated (xml, FALSE, NULL);

  if (definition != NULL)
    lodge_definition_is_emulated (definition);
}

/* Whole, cut off anywhere, and with bytes exchanged. */
static void
test_never_crashes (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "domains", NULL);
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr(GRand) random = g_rand_new_with_seed (1);
  const char *name;
  guint n = 0;

  g_assert_nonnull (folder);

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *xml = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (file, &xml, &length, NULL));
      try_all (xml);
      n++;

      for (gsize i = 0; i < length; i += 1 + length / 40)
        {
          g_autofree char *cut = g_strndup (xml, i);
          g_autofree char *changed = g_strdup (xml);

          try_all (cut);
          changed[i] = g_rand_int_range (random, 1, 256);
          changed[g_rand_int_range (random, 0, length)] = '<';
          try_all (changed);
        }
    }

  g_assert_cmpuint (n, >=, 25);
}

static void
test_emulated_and_back (void)
{
  g_autofree char *xml = load ("kvm-desktop-running");
  g_autofree char *emulated = NULL;
  g_autofree char *back = NULL;
  g_autoptr(LodgeDefinition) definition = NULL;
  g_autoptr(GError) error = NULL;

  emulated = lodge_definition_set_emulated (xml, TRUE, &error);
  g_assert_no_error (error);
  definition = lodge_definition_parse (emulated, &error);
  g_assert_no_error (error);
  g_assert_true (lodge_definition_is_emulated (definition));
  g_assert_nonnull (strstr (emulated, "mode=\"maximum\""));
  g_assert_nonnull (strstr (emulated, "from-the-future"));
  g_assert_nonnull (strstr (emulated, "discard=\"unmap\""));

  back = lodge_definition_set_emulated (emulated, FALSE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (back, "<domain type=\"kvm\""));
  g_assert_nonnull (strstr (back, "mode=\"host-passthrough\""));
}

static void
test_no_choice_for_containers (void)
{
  g_autofree char *xml = load ("lxc");
  g_autoptr(GError) error = NULL;

  g_assert_null (lodge_definition_set_emulated (xml, TRUE, &error));
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_UNSUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/definition/running-desktop", test_running_desktop);
  g_test_add_func ("/core/definition/screens", test_screens);
  g_test_add_func ("/core/definition/consoles", test_consoles);
  g_test_add_func ("/core/definition/numbers", test_numbers);
  g_test_add_func ("/core/definition/everyday-is-ours-only", test_everyday_is_ours_only);
  g_test_add_func ("/core/definition/cores-changed", test_cores_changed);
  g_test_add_func ("/core/definition/texts", test_texts);
  g_test_add_func ("/core/definition/no-domain-at-all", test_no_domain_at_all);
  g_test_add_func ("/core/definition/never-crashes", test_never_crashes);
  g_test_add_func ("/core/definition/emulated-and-back", test_emulated_and_back);
  g_test_add_func ("/core/definition/no-choice-for-containers", test_no_choice_for_containers);

  return g_test_run ();
}
