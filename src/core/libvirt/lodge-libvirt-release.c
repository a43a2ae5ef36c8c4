/* lodge-libvirt-release.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-libvirt-private.h"

/*
 * Where libvirt's things go to die.
 *
 * Freeing the last thing that holds a connection closes it, which is a call
 * that waits for the daemon, for ever if that hangs. Objects are finalized on
 * the main thread, so what they hold of libvirt is freed on threads of its own
 * that nobody waits for.
 */

typedef struct
{
  gpointer        thing;
  GDestroyNotify  destroy;
} Release;

static void
release_thread (gpointer data,
                gpointer user_data)
{
  Release *release = data;

  release->destroy (release->thing);
  g_free (release);
}

static gpointer
create_pool (gpointer data)
{
  return g_thread_pool_new (release_thread, NULL, 16, FALSE, NULL);
}

/* Calls @destroy on @thing, soon, on another thread. */
void
lodge_libvirt_release (gpointer       thing,
                       GDestroyNotify destroy)
{
  static GOnce once = G_ONCE_INIT;
  Release *release;

  if (thing == NULL)
    return;

  release = g_new0 (Release, 1);
  release->thing = thing;
  release->destroy = destroy;

  g_thread_pool_push (g_once (&once, create_pool, NULL), release, NULL);
}

static void
free_domain (gpointer data)
{
  virDomainFree (data);
}

void
lodge_libvirt_release_domain (virDomainPtr domain)
{
  lodge_libvirt_release (domain, free_domain);
}
