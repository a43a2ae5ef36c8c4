/* lodge-application.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-application.h"

struct _LodgeApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (LodgeApplication, lodge_application, ADW_TYPE_APPLICATION)

static void
lodge_application_activate (GApplication *app)
{
  GtkWindow *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", app, NULL);

  gtk_window_present (window);
}

static void
lodge_application_class_init (LodgeApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  app_class->activate = lodge_application_activate;
}

static void
lodge_application_init (LodgeApplication *self)
{
}

LodgeApplication *
lodge_application_new (void)
{
  return g_object_new (LODGE_TYPE_APPLICATION, "application-id", APP_ID, NULL);
}
