/* lodge-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_SETTINGS_ENABLE_BACKEND
#include "config.h"

#include <gio/gsettingsbackend.h>

#include "lodge-settings.h"

static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchemaSource) built = NULL;
  GSettingsSchema *schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);

  /* Started from the folder it was built in, without being installed. */
  if (schema == NULL)
    built = g_settings_schema_source_new_from_directory (BUILD_DATADIR, source, FALSE, NULL);
  if (built != NULL)
    schema = g_settings_schema_source_lookup (built, APP_ID, TRUE);

  return schema;
}

/**
 * lodge_settings_get:
 *
 * Returns: (transfer none) (nullable): the program's settings, or %NULL if their schema is not
 *   installed
 */
GSettings *
lodge_settings_get (void)
{
  static GSettings *settings;

  if (settings == NULL)
    {
      g_autoptr(GSettingsSchema) schema = find_schema ();

      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);
    }

  return settings;
}

/**
 * lodge_settings_forgets:
 *
 * Returns: whether settings live in memory only because there is nothing to keep them in, though
 *   nobody asked for that
 */
gboolean
lodge_settings_forgets (void)
{
  g_autoptr(GSettingsBackend) backend = g_settings_backend_get_default ();

  return g_strcmp0 (g_getenv ("GSETTINGS_BACKEND"), "memory") != 0 &&
         g_str_equal (G_OBJECT_TYPE_NAME (backend), "GMemorySettingsBackend");
}
