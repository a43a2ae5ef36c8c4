/* test-wait.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How long a test waits for what must come, unless it says otherwise. */
#define TEST_WAIT_SECONDS 20

static inline gboolean
test_wait_timeout_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Runs the main context until @condition, an expression, is true. Fails the test with the text of
 * the condition when that takes longer than @seconds. Conditions are looked at again after
 * every event and ten times a second.
 */
#define test_wait_seconds(condition, seconds)                                              \
  G_STMT_START {                                                                           \
    gboolean _over = FALSE, _tick = FALSE;                                                 \
    guint _over_id = g_timeout_add ((guint)((seconds) * 1000), test_wait_timeout_cb, &_over); \
    guint _tick_id = g_timeout_add (100, test_wait_tick_cb, &_tick);                       \
    while (!(condition) && !_over)                                                         \
      g_main_context_iteration (NULL, TRUE);                                               \
    g_source_remove (_tick_id);                                                            \
    if (!_over)                                                                            \
      g_source_remove (_over_id);                                                          \
    if (!(condition))                                                                      \
      g_error ("%s:%d: waited %g s in vain for: %s", __FILE__, __LINE__,                   \
               (double)(seconds), #condition);                                             \
  } G_STMT_END

#define test_wait(condition) test_wait_seconds (condition, TEST_WAIT_SECONDS)

static inline gboolean
test_wait_tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static inline void
test_ignore_log_cb (const char     *log_domain,
                    GLogLevelFlags  log_level,
                    const char     *message,
                    gpointer        user_data)
{
}

/* The test framework prints all that libvirt-glib has to say about every timeout, also from
 * other threads and into the midst of results. To be called after g_test_init().
 */
static inline void
test_silence_libvirt (void)
{
  g_log_set_handler ("Libvirt.GLib", G_LOG_LEVEL_DEBUG, test_ignore_log_cb, NULL);
  g_log_set_handler ("Libvirt.GObject", G_LOG_LEVEL_DEBUG, test_ignore_log_cb, NULL);
  /* Its event loop, which is most of it, speaks in no domain. */
  g_log_set_handler (NULL, G_LOG_LEVEL_DEBUG, test_ignore_log_cb, NULL);
}

/* Runs the main context for some time, for what must not happen in it. */
static inline void
test_run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, test_wait_timeout_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Whether an enum, int, uint or boolean property of @object has @value. */
static inline gboolean
test_property_is (gpointer    object,
                  const char *property,
                  int         value)
{
  g_auto(GValue) actual = G_VALUE_INIT;
  g_auto(GValue) number = G_VALUE_INIT;

  g_object_get_property (object, property, &actual);
  if (G_VALUE_HOLDS_ENUM (&actual))
    return g_value_get_enum (&actual) == value;

  g_value_init (&number, G_TYPE_INT);
  g_assert_true (g_value_transform (&actual, &number));

  return g_value_get_int (&number) == value;
}

#define test_wait_property(object, property, value) \
  test_wait (test_property_is (object, property, value))

G_END_DECLS
