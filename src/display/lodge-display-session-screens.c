/* lodge-display-session-screens.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-display-session-private.h"
#include "lodge-spice-surface.h"

/* Display channels and their heads become the one list of screens that the outside sees. */

static void
lodge_display_session_update_screen (LodgeDisplaySession *self,
                                     LodgeScreen         *screen)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  _lodge_screen_set_can_resize (screen, self->agent.can_resize);
  _lodge_screen_set_guest_lock_keys (screen, self->lock_keys);
  _lodge_screen_set_key_press_delay (screen, self->key_press_delay);
  _lodge_screen_set_mouse_mode (screen, self->mouse_mode);
}

void
_lodge_display_session_update_screens (LodgeDisplaySession *self)
{
  guint n_screens = g_list_model_get_n_items (G_LIST_MODEL (self->screens));

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = 0; i < n_screens; i++)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (G_LIST_MODEL (self->screens), i);

      lodge_display_session_update_screen (self, screen);
    }
}

void
_lodge_display_session_inputs_opened (LodgeDisplaySession *self)
{
  guint n_screens = g_list_model_get_n_items (G_LIST_MODEL (self->screens));

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = 0; i < n_screens; i++)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (G_LIST_MODEL (self->screens), i);

      _lodge_screen_inputs_opened (screen);
    }
}

static gboolean
contains (GPtrArray   *screens,
          gpointer     screen)
{
  return g_ptr_array_find (screens, screen, NULL);
}

/* Brings the list up to date with as little noise as can be: who shows a screen that stays must not
 * see it go.
 */
static void
lodge_display_session_rebuild_list (LodgeDisplaySession *self)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new ();

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = 0; i < self->surfaces->len; i++)
    g_ptr_array_extend (wanted,
                        lodge_spice_surface_get_screens (g_ptr_array_index (self->surfaces, i)),
                        NULL, NULL);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->screens)); i > 0; i--)
    {
      g_autoptr(LodgeScreen) screen = g_list_model_get_item (G_LIST_MODEL (self->screens), i - 1);

      if (!contains (wanted, screen))
        g_list_store_remove (self->screens, i - 1);
    }

  for (guint i = 0; i < wanted->len; i++)
    {
      LodgeScreen *screen = g_ptr_array_index (wanted, i);
      g_autoptr(LodgeScreen) present = g_list_model_get_item (G_LIST_MODEL (self->screens), i);

      if (present == screen)
        continue;

      lodge_display_session_update_screen (self, screen);
      g_list_store_insert (self->screens, i, screen);
    }
}

/* With its first picture a server has long listed its channels: those that the connection before had
 * and this one has not are gone.
 */
static void
lodge_display_session_prune_surfaces (LodgeDisplaySession *self)
{
  gboolean pruned = FALSE;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = self->surfaces->len; i > 0; i--)
    if (!lodge_spice_surface_get_attached (g_ptr_array_index (self->surfaces, i - 1)))
      {
        g_ptr_array_remove_index (self->surfaces, i - 1);
        pruned = TRUE;
      }

  if (pruned)
    lodge_display_session_rebuild_list (self);
}

static LodgeSpiceSurface *
lodge_display_session_find_surface (LodgeDisplaySession *self,
                                    int                  id,
                                    guint               *position)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (*position = 0; *position < self->surfaces->len; (*position)++)
    {
      LodgeSpiceSurface *surface = g_ptr_array_index (self->surfaces, *position);

      if (lodge_spice_surface_get_id (surface) == id)
        return surface;

      if (lodge_spice_surface_get_id (surface) > id)
        break;
    }

  return NULL;
}

void
_lodge_display_session_add_surface_channel (LodgeDisplaySession *self,
                                            SpiceChannel        *channel)
{
  LodgeSpiceSurface *surface;
  guint position;
  int id;

  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  g_object_get (channel, "channel-id", &id, NULL);
  surface = lodge_display_session_find_surface (self, id, &position);

  if (surface == NULL)
    {
      surface = lodge_spice_surface_new (self, id);
      g_signal_connect_object (surface, "screens-changed",
                               G_CALLBACK (lodge_display_session_rebuild_list), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (surface, "lit",
                               G_CALLBACK (lodge_display_session_prune_surfaces), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (surface, "max-heads-changed",
                               G_CALLBACK (_lodge_display_session_update_max_monitors), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_insert (self->surfaces, (int)position, surface);
    }

  lodge_spice_surface_attach (surface, channel);
  _lodge_display_session_update_max_monitors (self);
}

void
_lodge_display_session_remove_surface_channel (LodgeDisplaySession *self,
                                               SpiceChannel        *channel)
{
  g_assert (LODGE_IS_DISPLAY_SESSION (self));

  for (guint i = 0; i < self->surfaces->len; i++)
    lodge_spice_surface_detach (g_ptr_array_index (self->surfaces, i), channel);

  _lodge_display_session_update_max_monitors (self);
}

/**
 * lodge_display_session_list_screens:
 * @self: a session
 *
 * The screens come and go with what the guest lights up. Those of a connection that was lost stay,
 * with their last picture, until the next one says what there is.
 *
 * Returns: (transfer none): a list model of #LodgeScreen, in the order of their numbers
 */
GListModel *
lodge_display_session_list_screens (LodgeDisplaySession *self)
{
  g_return_val_if_fail (LODGE_IS_DISPLAY_SESSION (self), NULL);

  return G_LIST_MODEL (self->screens);
}
