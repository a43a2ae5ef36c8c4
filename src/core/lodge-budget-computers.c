/* lodge-budget-computers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-budget-private.h"
#include "lodge-host-private.h"

/*
 * Which connections are to one computer.
 *
 * At first that is told by the URI: all without a server are to this one, and
 * the others to the server they name. Once connected, a computer's name and
 * UUID tell that "box" and "box.example" are one. The UUID alone does not: the
 * daemon of an ordinary user may make one up.
 */

static GPtrArray *budgets;   /* of LodgeBudget: those that have hosts; references */

static char *
dup_id (LodgeHost *host)
{
  const char *uri = lodge_host_get_uri (host);
  const char *name = lodge_host_get_name (host);
  g_autoptr(GUri) parsed = NULL;

  /* Libvirt's test driver invents a computer for each connection. */
  if (g_str_has_prefix (uri, "test:"))
    return g_strdup (uri);

  if (name == NULL)
    return g_strdup ("local");

  parsed = g_uri_parse (uri, G_URI_FLAGS_NON_DNS, NULL);
  if (parsed == NULL || g_uri_get_port (parsed) < 0)
    return g_ascii_strdown (name, -1);

  /* Several computers may be reached through the ports of one. */
  return g_strdup_printf ("%s:%d", name, g_uri_get_port (parsed));
}

static LodgeBudget *
find_budget (LodgeHost *host)
{
  for (guint i = 0; budgets != NULL && i < budgets->len; i++)
    {
      LodgeBudget *budget = g_ptr_array_index (budgets, i);

      if (g_ptr_array_find (budget->hosts, host, NULL))
        return budget;
    }

  return NULL;
}

static LodgeBudget *
obtain_budget (const char *id)
{
  LodgeBudget *budget;

  if (budgets == NULL)
    budgets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < budgets->len; i++)
    {
      budget = g_ptr_array_index (budgets, i);
      if (g_str_equal (budget->id, id))
        return budget;
    }

  budget = g_object_new (LODGE_TYPE_BUDGET, "id", id, NULL);
  g_ptr_array_add (budgets, budget);

  return budget;
}

static void
sampled_cb (LodgeHost *host)
{
  LodgeBudget *budget = find_budget (host);

  if (budget == NULL)
    return;

  lodge_budget_find_siblings (budget, host);
  budget = find_budget (host);
  lodge_budget_compute (budget);
  lodge_budget_read_containers (budget, NULL);
}

static void
state_cb (LodgeHost *host)
{
  LodgeBudget *budget = find_budget (host);

  if (budget != NULL && lodge_host_get_state (host) == LODGE_HOST_STATE_CLOSED)
    lodge_budget_compute (budget);
}

static void
move_in (LodgeBudget *budget,
         LodgeHost   *host)
{
  g_ptr_array_add (budget->hosts, host);
  lodge_budget_update_watches (budget);
}

static void
move_out (LodgeBudget *budget,
          LodgeHost   *host)
{
  g_autoptr(LodgeBudget) kept = g_object_ref (budget);

  g_hash_table_remove (budget->statistics, host);
  g_ptr_array_remove (budget->hosts, host);
  if (budget->hosts->len == 0)
    g_ptr_array_remove (budgets, budget);

  lodge_budget_compute (budget);
}

void
_lodge_budget_join (LodgeHost *host)
{
  g_autofree char *id = dup_id (host);

  g_assert (LODGE_IS_HOST (host));

  move_in (obtain_budget (id), host);
  g_signal_connect_object (lodge_host_get_statistics (host), "sampled",
                           G_CALLBACK (sampled_cb), host, G_CONNECT_SWAPPED);
  g_signal_connect (host, "notify::state", G_CALLBACK (state_cb), NULL);
}

void
_lodge_budget_leave (LodgeHost *host)
{
  LodgeBudget *budget = find_budget (host);

  if (budget != NULL)
    move_out (budget, host);
}

static gboolean
is_same_computer (LodgeHost *one,
                  LodgeHost *other)
{
  const LodgeSample *a = _lodge_statistics_get_sample (lodge_host_get_statistics (one));
  const LodgeSample *b = _lodge_statistics_get_sample (lodge_host_get_statistics (other));

  return a != NULL && b != NULL && a->node_name != NULL && a->node_id != NULL &&
         *a->node_name != '\0' && strspn (a->node_id, "0-") != strlen (a->node_id) &&
         g_strcmp0 (a->node_name, b->node_name) == 0 && g_strcmp0 (a->node_id, b->node_id) == 0;
}

static gboolean
has_same_computer (LodgeBudget *budget,
                   LodgeHost   *host)
{
  for (guint i = 0; i < budget->hosts->len; i++)
    {
      if (is_same_computer (g_ptr_array_index (budget->hosts, i), host))
        return TRUE;
    }

  return FALSE;
}

/* @host has told which computer it is: puts together what belongs together. The one that is called
 * local, or was there first, stays.
 */
void
lodge_budget_find_siblings (LodgeBudget *self,
                            LodgeHost   *host)
{
  g_autoptr(GPtrArray) moving = g_ptr_array_new ();
  LodgeBudget *from = NULL, *to = NULL;

  if (g_str_has_prefix (self->id, "test:"))
    return;

  for (guint i = 0; i < budgets->len && from == NULL; i++)
    {
      LodgeBudget *other = g_ptr_array_index (budgets, i);

      if (other == self || g_str_has_prefix (other->id, "test:") ||
          !has_same_computer (other, host))
        continue;

      to = g_str_equal (self->id, "local") ? self : other;
      from = to == self ? other : self;
    }

  for (guint i = 0; from != NULL && i < from->hosts->len; i++)
    g_ptr_array_add (moving, g_ptr_array_index (from->hosts, i));

  for (guint i = 0; i < moving->len; i++)
    {
      move_out (from, g_ptr_array_index (moving, i));
      move_in (to, g_ptr_array_index (moving, i));
    }
}

LodgeBudget *
lodge_host_get_budget (LodgeHost *host)
{
  g_return_val_if_fail (LODGE_IS_HOST (host), NULL);

  return find_budget (host);
}
