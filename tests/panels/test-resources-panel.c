/* test-resources-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "lodge-amount-field.h"
#include "lodge-budget-bar.h"
#include "lodge-budget.h"
#include "lodge-core.h"
#include "lodge-host.h"
#include "lodge-machine-resources.h"
#include "lodge-resource-row.h"
#include "lodge-resources-panel.h"
#include "lodge-zone-scale.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"
#include "test-widgets.h"

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)
#define START    (3 * GIBIBYTE / 2)

/* The panel over libvirt's test driver, whose memory and cores follow at once: on a host of 3 GiB, a
 * running guest with 1.5 GiB of 4 and 2 cores of 4.
 */
#define XML "<node><domain type='test'><name>test</name><uuid>%s</uuid><memory unit='GiB'>4</memory>" \
            "<currentMemory unit='MiB'>1536</currentMemory><vcpu current='2'>4</vcpu>" \
            "<os><type>hvm</type></os></domain></node>"

typedef struct
{
  char                  *file;
  LodgeHost             *host;
  LodgeMachine          *machine;
  LodgeMachineResources *resources;
  LodgeBudget           *budget;
  GtkWindow             *window;
  GtkWidget             *panel;
  GtkWidget             *memory;
  GtkWidget             *cores;
} Fixture;

static gboolean
is_row (GtkWidget *widget,
        gpointer   title)
{
  g_autofree char *mine = NULL;

  if (!LODGE_IS_RESOURCE_ROW (widget))
    return FALSE;

  g_object_get (widget, "title", &mine, NULL);

  return g_strcmp0 (mine, title) == 0;
}

static gboolean
is_bar (GtkWidget *widget,
        gpointer   user_data)
{
  return LODGE_IS_BUDGET_BAR (widget);
}

static gboolean
is_text (GtkWidget *widget,
         gpointer   user_data)
{
  return GTK_IS_TEXT (widget);
}

static LodgeZoneScale *
scale_of (GtkWidget *row)
{
  return lodge_resource_row_get_scale (LODGE_RESOURCE_ROW (row));
}

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (test_find (row, is_text, NULL)));
}

static void
enter (GtkWidget  *row,
       const char *text)
{
  GtkWidget *entry = test_find (row, is_text, NULL);

  gtk_widget_grab_focus (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "activate");
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *xml = g_strdup_printf (XML, uuid);

  fixture->host = test_host_of_xml (xml, &fixture->file);
  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  fixture->resources = lodge_machine_get_resources (fixture->machine);
  fixture->budget = lodge_host_get_budget (fixture->host);
  lodge_budget_set_reserve_setting (fixture->budget, GIBIBYTE / 4);

  fixture->panel = g_object_new (LODGE_TYPE_RESOURCES_PANEL, NULL);
  lodge_panel_set_subject (LODGE_PANEL (fixture->panel), G_OBJECT (fixture->machine));
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 380, 900);
  gtk_window_set_child (fixture->window, fixture->panel);
  gtk_window_present (fixture->window);

  test_wait (lodge_machine_resources_is_ready (fixture->resources));
  test_wait ((fixture->memory = test_find (fixture->panel, is_row, (gpointer)"Memory")) != NULL);
  fixture->cores = test_find (fixture->panel, is_row, (gpointer)"Cores");
  test_wait (lodge_zone_scale_get_value (scale_of (fixture->memory)) == 1.5);
  test_wait (lodge_budget_is_known (fixture->budget));
  test_wait (test_find (fixture->panel, is_bar, NULL) != NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
  g_unlink (fixture->file);
  g_free (fixture->file);
}

static guint64
reached (Fixture *fixture)
{
  return lodge_machine_resources_get_memory_reached (fixture->resources);
}

static void
test_shows_what_there_is (Fixture       *fixture,
                          gconstpointer  data)
{
  g_assert_cmpstr (text_of (fixture->memory), ==, "1.5\u00a0GiB");
  g_assert_cmpstr (text_of (fixture->cores), ==, "2");
  g_assert_cmpfloat (lodge_zone_scale_get_value (scale_of (fixture->cores)), ==, 2);
  g_assert_nonnull (test_find_label (fixture->memory, "Has 1.5\u00a0GiB"));
  g_assert_nonnull (test_find_label (fixture->cores, "Has 2 cores"));
}

static void
test_sliders (Fixture       *fixture,
              gconstpointer  data)
{
  gtk_range_set_value (GTK_RANGE (scale_of (fixture->memory)), 2);
  /* The field at once, the guest when the slider rests. */
  g_assert_cmpstr (text_of (fixture->memory), ==, "2\u00a0GiB");
  g_assert_cmpuint (reached (fixture), ==, START);
  test_wait (reached (fixture) == 2 * GIBIBYTE);
  test_wait (test_find_label (fixture->memory, "Has 2\u00a0GiB") != NULL);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (fixture->resources), ==, 2 * GIBIBYTE);

  gtk_range_set_value (GTK_RANGE (scale_of (fixture->cores)), 3);
  test_wait (lodge_machine_resources_get_vcpus_reached (fixture->resources) == 3);
}

static gboolean
is_refusal (GtkWidget *widget,
            gpointer   user_data)
{
  return GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "error");
}

static void
test_fields (Fixture       *fixture,
             gconstpointer  data)
{
  enter (fixture->memory, "1.75 GiB");
  test_wait (reached (fixture) == 7 * GIBIBYTE / 4);
  test_wait (lodge_zone_scale_get_value (scale_of (fixture->memory)) == 1.75);

  enter (fixture->memory, "2048 MiB");
  test_wait (reached (fixture) == 2 * GIBIBYTE);
  test_wait (g_strcmp0 (text_of (fixture->memory), "2\u00a0GiB") == 0);

  enter (fixture->cores, "3");
  test_wait (lodge_machine_resources_get_vcpus_reached (fixture->resources) == 3);
}

/* In words beside the field, and the guest never hears of it. */
static void
test_bad_entries (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char * const memory[] = { "0", "-1 GiB", "12 parsecs", "much", "", "999 TiB", "1 MiB" };
  static const char * const cores[] = { "0", "-2", "many", "1.5", "100000" };

  for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
    {
      GtkWidget *refusal;

      enter (fixture->memory, memory[i]);
      refusal = test_find (fixture->memory, is_refusal, NULL);
      g_assert_nonnull (refusal);
      g_assert_cmpuint (strlen (gtk_label_get_text (GTK_LABEL (refusal))), >, 10);
      /* What was written stays, to be mended. */
      g_assert_cmpstr (text_of (fixture->memory), ==, memory[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (cores); i++)
    {
      enter (fixture->cores, cores[i]);
      g_assert_nonnull (test_find (fixture->cores, is_refusal, NULL));
    }

  test_run_for (300);
  g_assert_cmpuint (reached (fixture), ==, START);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (fixture->resources), ==, START);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (fixture->resources), ==, 2);

  /* A good one clears it. */
  enter (fixture->memory, "2.25 GiB");
  g_assert_null (test_find (fixture->memory, is_refusal, NULL));
  test_wait (reached (fixture) == 9 * GIBIBYTE / 4);
}

/* Its words are not left below the edge of the window. */
static void
test_refusal_is_in_view (Fixture       *fixture,
                         gconstpointer  data)
{
  GtkWidget *refusal;
  graphene_rect_t bounds;

  gtk_window_set_default_size (fixture->window, 380, 300);
  test_wait (gtk_widget_get_height (GTK_WIDGET (fixture->window)) < 400);
  enter (fixture->cores, "many");
  g_assert_nonnull ((refusal = test_find (fixture->cores, is_refusal, NULL)));
  test_wait (gtk_widget_compute_bounds (refusal, GTK_WIDGET (fixture->window), &bounds) &&
             bounds.size.height > 0 && bounds.origin.y >= 0 &&
             bounds.origin.y + bounds.size.height <= gtk_widget_get_height (GTK_WIDGET (fixture->window)));
}

static void
set_elsewhere (Fixture *fixture,
               guint64  kib)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_machine_resources_set_memory_async (fixture->resources, kib, NULL, test_await_cb, &result);
  lodge_machine_resources_set_memory_finish (fixture->resources, test_await (&result), &error);
  g_assert_no_error (error);
}

/* Tab goes through all of it, first to the field and then to the slider of each row. */
static void
test_by_keyboard (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *wanted[] = {
    test_find (fixture->memory, is_text, NULL), GTK_WIDGET (scale_of (fixture->memory)),
    test_find (fixture->cores, is_text, NULL), GTK_WIDGET (scale_of (fixture->cores)),
  };

  test_wait (gtk_widget_get_height (fixture->cores) > 0);
  gtk_window_set_focus (fixture->window, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_assert_true (gtk_widget_child_focus (GTK_WIDGET (fixture->window), GTK_DIR_TAB_FORWARD));
      g_assert_true (gtk_window_get_focus (fixture->window) == wanted[i]);
    }
}

/* What another window does is shown, but not under the user's hand. */
static void
test_another_window (Fixture       *fixture,
                     gconstpointer  data)
{
  set_elsewhere (fixture, 5 * GIBIBYTE / 2);
  test_wait (lodge_zone_scale_get_value (scale_of (fixture->memory)) == 2.5);
  test_wait (g_strcmp0 (text_of (fixture->memory), "2.5\u00a0GiB") == 0);

  gtk_editable_set_text (GTK_EDITABLE (test_find (fixture->memory, is_text, NULL)), "2.");
  set_elsewhere (fixture, 2 * GIBIBYTE);
  test_wait (lodge_zone_scale_get_value (scale_of (fixture->memory)) == 2);
  g_assert_cmpstr (text_of (fixture->memory), ==, "2.");
}

/* What stands in the way of all is said once, and each of them has it as its tooltip. */
static void
test_without_the_host (Fixture       *fixture,
                       gconstpointer  data)
{
  const char *reason = "There is no connection to the host of this guest.";
  GtkWidget *field = gtk_widget_get_ancestor (test_find (fixture->memory, is_text, NULL), LODGE_TYPE_AMOUNT_FIELD);

  lodge_host_close (fixture->host);
  test_wait (!gtk_widget_is_sensitive (GTK_WIDGET (scale_of (fixture->memory))));
  g_assert_false (gtk_widget_is_sensitive (test_find (fixture->memory, is_text, NULL)));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (field), ==, reason);
  g_assert_nonnull (test_find_label (fixture->panel, reason));
  g_assert_null (test_find_label (fixture->memory, reason));
}

/* It has room in a window of 360 pixels, whose frame takes some. */
static void
test_is_narrow (Fixture       *fixture,
                gconstpointer  data)
{
  int minimum;

  gtk_widget_measure (fixture->panel, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 350);
}

/* The panel may go from guest to guest, to none, and away, at any time. */
static void
test_subjects (Fixture       *fixture,
               gconstpointer  data)
{
  gtk_editable_set_text (GTK_EDITABLE (test_find (fixture->memory, is_text, NULL)), "2 GiB");
  gtk_range_set_value (GTK_RANGE (scale_of (fixture->cores)), 3);
  lodge_panel_set_subject (LODGE_PANEL (fixture->panel), NULL);
  test_run_for (300);
  lodge_panel_set_subject (LODGE_PANEL (fixture->panel), G_OBJECT (fixture->machine));
  test_wait (g_strcmp0 (text_of (fixture->memory), "1.5\u00a0GiB") == 0);
  g_assert_cmpuint (reached (fixture), ==, START);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (fixture->resources), ==, 2);
}

/* The slider ends where others' memory and the reserve begin, and says so. */
static void
test_stops_at_the_budget (Fixture       *fixture,
                          gconstpointer  data)
{
  guint64 reachable = lodge_budget_get_reachable_memory (fixture->budget, fixture->machine);
  GtkWidget *refusal;

  g_assert_cmpuint (reachable, >, 2 * GIBIBYTE);
  g_assert_cmpuint (reachable, <, 3 * GIBIBYTE);
  gtk_range_set_value (GTK_RANGE (scale_of (fixture->memory)), 3);
  g_assert_cmpfloat (lodge_zone_scale_get_value (scale_of (fixture->memory)), <=, (double)reachable / GIBIBYTE);
  test_wait (reached (fixture) > 2 * GIBIBYTE);
  g_assert_cmpuint (reached (fixture), <=, reachable);

  enter (fixture->memory, "2.9 GiB");
  g_assert_nonnull ((refusal = test_find (fixture->memory, is_refusal, NULL)));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (refusal)), "Kept for the host"));
}

#define ADD(name, func) \
  g_test_add ("/panels/resources-panel/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  lodge_core_init ();
  test_silence_libvirt ();

  ADD ("shows-what-there-is", test_shows_what_there_is);
  ADD ("sliders", test_sliders);
  ADD ("fields", test_fields);
  ADD ("bad-entries", test_bad_entries);
  ADD ("refusal-is-in-view", test_refusal_is_in_view);
  ADD ("by-keyboard", test_by_keyboard);
  ADD ("another-window", test_another_window);
  ADD ("is-narrow", test_is_narrow);
  ADD ("without-the-host", test_without_the_host);
  ADD ("stops-at-the-budget", test_stops_at_the_budget);
  ADD ("subjects", test_subjects);

  return g_test_run ();
}
