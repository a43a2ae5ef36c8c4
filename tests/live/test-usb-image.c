/* test-usb-image.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lodge-console.h"
#include "lodge-core.h"
#include "test-guest.h"
#include "test-linux-guest.h"

/* A disc image goes through the screen's connection into a Linux guest, whose own kernel says what it
 * sees. This is USB redirection with all its parts (QEMU's channel, SPICE, the library's devices), but
 * needs no USB bus on this computer.
 */

#define CONTENT "What is on the disc is read by the guest.\n"
#define WAIT_FOR(node) "i=0; until [ -b " node " ] || [ $((i += 1)) -gt 25 ]; do sleep 1; done; "
#define LARGE   (3 * 1024 * 1024 + 17)

typedef struct
{
  TestLibvirtd   *libvirtd;
  TestLinuxGuest *guest;
  LodgeHost      *host;
  LodgeMachine   *machine;
  LodgeConsole   *console;
  char           *image;
  char           *checksum;   /* of its large file */
} World;

static void
run (const char *program,
     ...)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  va_list list;

  va_start (list, program);
  for (const char *word = program; word != NULL; word = va_arg (list, const char *))
    g_ptr_array_add (words, (char *)word);
  va_end (list);
  g_ptr_array_add (words, NULL);

  process = g_subprocess_newv ((const char * const *)words->pdata, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* Two files, one of them too large to come in one piece. */
static void
create_image (World *world)
{
  const char *folder = test_libvirtd_get_folder (world->libvirtd);
  g_autofree char *files = g_build_filename (folder, "files", NULL);
  g_autofree char *words = g_build_filename (files, "words.txt", NULL);
  g_autofree char *large = g_build_filename (files, "large.bin", NULL);
  g_autofree guchar *bytes = g_malloc (LARGE);
  g_autoptr(GRand) rand = g_rand_new_with_seed (4);

  for (gsize i = 0; i < LARGE; i++)
    bytes[i] = (guchar)g_rand_int (rand);

  world->image = g_build_filename (folder, "disc.iso", NULL);
  world->checksum = g_compute_checksum_for_data (G_CHECKSUM_MD5, bytes, LARGE);
  g_assert_cmpint (g_mkdir (files, 0755), ==, 0);
  g_assert_true (g_file_set_contents (words, CONTENT, -1, NULL));
  g_assert_true (g_file_set_contents (large, (char *)bytes, LARGE, NULL));
  run ("xorriso", "-as", "mkisofs", "-quiet", "-V", "LODGE_DISC", "-r", "-o", world->image, files, NULL);
}

static gboolean
world_open (World *world)
{
  const TestLinuxGuestParts parts = {
    .options = "usb",
    .usb = "<controller type='usb' model='qemu-xhci' ports='15'/>"
           "<redirdev bus='usb' type='spicevmc'/><redirdev bus='usb' type='spicevmc'/>",
    .devices = "<graphics type='spice'><listen type='none'/></graphics>",
  };

  g_autofree char *xorriso = g_find_program_in_path ("xorriso");

  if (xorriso == NULL)
    {
      g_test_skip ("needs xorriso");
      return FALSE;
    }

  if ((world->libvirtd = test_libvirtd_new ()) == NULL ||
      (world->guest = test_linux_guest_new (world->libvirtd, "linux", &parts)) == NULL)
    return FALSE;

  create_image (world);
  world->host = lodge_host_new_for_uri (test_libvirtd_get_uri (world->libvirtd));
  test_open_host (world->host);
  world->machine = test_define (world->libvirtd, world->host, "linux",
                                test_linux_guest_get_xml (world->guest));
  test_perform (world->machine, LODGE_ACTION_START);
  test_linux_guest_wait_up (world->guest);

  world->console = lodge_console_for_machine (world->machine);
  test_wait (lodge_display_session_get_state (lodge_console_get_session (world->console)) ==
             LODGE_SESSION_STATE_CONNECTED);

  return TRUE;
}

static void
world_close (World *world)
{
  g_clear_object (&world->console);
  if (world->machine != NULL && lodge_machine_is_active (world->machine))
    test_perform (world->machine, LODGE_ACTION_FORCE_OFF);
  g_clear_object (&world->machine);
  if (world->host != NULL)
    lodge_host_close (world->host);
  g_clear_object (&world->host);
  g_clear_pointer (&world->guest, test_linux_guest_free);
  g_clear_pointer (&world->libvirtd, test_libvirtd_free);
  g_clear_pointer (&world->image, g_free);
  g_clear_pointer (&world->checksum, g_free);
}

static GError *
try_to_insert (World      *world,
               const char *path)
{
  LodgeDisplaySession *session = lodge_console_get_session (world->console);
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_display_session_insert_image_async (session, path, NULL, test_await_cb, &result);
  lodge_display_session_finish_usb (session, test_await (&result), &error);

  return error;
}

/* What the guest says while the main loop goes on, on which the disc's data come. */
typedef struct
{
  TestLinuxGuest *guest;
  const char     *command;
} Question;

static void
ask_work (GTask        *task,
          gpointer      source_object,
          gpointer      task_data,
          GCancellable *cancellable)
{
  Question *question = task_data;

  g_task_return_pointer (task, test_linux_guest_ask (question->guest, question->command), g_free);
}

static char *
ask (World      *world,
     const char *command)
{
  g_autoptr(GAsyncResult) result = NULL;
  Question question = { world->guest, command };
  g_autoptr(GTask) task = g_task_new (NULL, NULL, test_await_cb, &result);

  g_task_set_task_data (task, &question, NULL);
  g_task_run_in_thread (task, ask_work);

  return g_task_propagate_pointer (G_TASK (test_await (&result)), NULL);
}

static void
assert_says (World      *world,
             const char *command,
             const char *expected)
{
  g_autofree char *answer = ask (world, command);

  g_assert_cmpstr (answer, ==, expected);
}

static void
test_image (void)
{
  World world = { NULL, };

  if (world_open (&world))
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *sum = NULL;

      /* What is no file is refused, and costs nothing. */
      error = try_to_insert (&world, "/nowhere/at-all.iso");
      g_assert_nonnull (error);
      g_test_message ("no file: %s", error->message);
      g_clear_error (&error);

      assert_says (&world, "ls /dev/sr0 2>/dev/null; true", "");

      error = try_to_insert (&world, world.image);
      g_assert_no_error (error);
      g_assert_true (lodge_display_session_sends_usb (lodge_console_get_session (world.console)));

      assert_says (&world, WAIT_FOR ("/dev/sr0") "ls /dev/sr0", "/dev/sr0");
      assert_says (&world, "mkdir -p /run/disc; mount -t iso9660 -o ro /dev/sr0 /run/disc && "
                   "cat /run/disc/words.txt", "What is on the disc is read by the guest.");
      sum = ask (&world, "md5sum </run/disc/large.bin");
      g_assert_true (g_str_has_prefix (sum, world.checksum));

      /* Another one is another drive. */
      error = try_to_insert (&world, world.image);
      g_assert_no_error (error);
      assert_says (&world, WAIT_FOR ("/dev/sr1") "ls /dev/sr1", "/dev/sr1");

      /* There is no room for more, and the session goes on. */
      error = try_to_insert (&world, world.image);
      g_assert_nonnull (error);
      g_test_message ("no room: %s", error->message);
      assert_says (&world, "cat /run/disc/words.txt", "What is on the disc is read by the guest.");
    }

  world_close (&world);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

  g_test_add_func ("/live/usb-image/image", test_image);

  return g_test_run ();
}
