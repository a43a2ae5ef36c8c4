/* main.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "lodge-application.h"
#include "lodge-core.h"

#define IDLE_THREAD_MS 2000

/* Started from the folder it was built in, Lodge speaks with what was translated there. */
static const char *
find_locale_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return g_strcmp0 (program, BUILD_PROGRAM) == 0 ? BUILD_LOCALEDIR : LOCALEDIR;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(LodgeApplication) app = NULL;

  /* A daemon that drops the connection must not end the program. */
  signal (SIGPIPE, SIG_IGN);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, find_locale_folder ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  lodge_core_init ();

  /* A thread that has nothing to do wakes up once more, to end. By GLib that is 15 seconds later, when
   * all else has long been quiet.
   */
  g_thread_pool_set_max_idle_time (IDLE_THREAD_MS);

  app = lodge_application_new ();

  return g_application_run (G_APPLICATION (app), argc, argv);
}
