/* main.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <signal.h>

#include "lodge-application.h"
#include "lodge-core.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(LodgeApplication) app = NULL;

  /* A daemon that drops the connection must not end the program. */
  signal (SIGPIPE, SIG_IGN);

  lodge_core_init ();

  app = lodge_application_new ();

  return g_application_run (G_APPLICATION (app), argc, argv);
}
