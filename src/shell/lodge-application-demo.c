/* lodge-application-demo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-application-private.h"
#include "lodge-demo.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-problem.h"

typedef struct
{
  LodgeApplication        *app;
  GApplicationCommandLine *command_line;
  LodgeHost               *host;
} Demo;

static void
demo_free (Demo *demo)
{
  g_clear_object (&demo->command_line);
  g_object_unref (demo->host);
  g_application_release (G_APPLICATION (demo->app));
  g_object_unref (demo->app);
  g_free (demo);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Demo, demo_free)

static void
demo_fail (Demo         *demo,
           const GError *error)
{
  g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_NONE, NULL);
  g_autofree char *text = g_strdup_printf (_("The demo guest could not be made. %s"), problem->text);

  if (demo->command_line != NULL && problem->details != NULL)
    g_application_command_line_printerr (demo->command_line, "%s\n", problem->details);

  _lodge_application_tell_failure (demo->app, demo->command_line, text);
}

static void
demo_everyday_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(LodgeApplication) app = user_data;
  g_autoptr(GError) error = NULL;

  if (!lodge_host_list_set_everyday_finish (LODGE_HOST_LIST (object), result, &error))
    lodge_window_report (_lodge_application_present (app), error);
}

static void
demo_created_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Demo) demo = user_data;
  g_autoptr(LodgeMachine) machine = NULL;
  g_autoptr(GError) error = NULL;
  LodgeHostList *hosts = lodge_application_get_hosts (demo->app);

  machine = lodge_demo_create_finish (demo->host, result, &error);

  if (machine == NULL)
    {
      demo_fail (demo, error);
      return;
    }

  if (lodge_host_list_get_everyday (hosts) == NULL)
    lodge_host_list_set_everyday_async (hosts, machine, NULL, demo_everyday_cb,
                                        g_object_ref (demo->app));

  _lodge_application_open_guest (demo->app, lodge_machine_get_id (machine), TRUE, FALSE, demo->command_line);
}

static char *
dup_demo_image (void)
{
  g_autofree char *built = g_build_filename (BUILD_DATADIR, "demo", "lodge-demo.elf", NULL);

  if (g_file_test (built, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&built);

  return g_build_filename (PKGDATADIR, "demo", "lodge-demo.elf", NULL);
}

static void
demo_opened_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Demo) demo = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *image = NULL;
  LodgeHost *host = demo->host;

  if (!lodge_host_open_finish (host, result, &error))
    {
      demo_fail (demo, error);
      return;
    }

  image = dup_demo_image ();
  lodge_demo_create_async (host, image, NULL, demo_created_cb, g_steal_pointer (&demo));
}

/* Makes the demo guest on the user's own session, which needs no set-up and no rights. */
void
_lodge_application_demo (LodgeApplication        *self,
                         GApplicationCommandLine *command_line)
{
  Demo *demo = g_new0 (Demo, 1);

  demo->app = g_object_ref (self);
  demo->host = g_object_ref (lodge_host_list_add (lodge_application_get_hosts (self), "qemu:///session", TRUE));
  g_set_object (&demo->command_line, command_line);
  g_application_hold (G_APPLICATION (self));

  lodge_host_open_async (demo->host, NULL, demo_opened_cb, demo);
}
