/* test-libvirt-link.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "libvirt/lodge-libvirt-private.h"
#include "lodge-core.h"
#include "test-wait.h"

#include <dlfcn.h>

static const LodgeLinkEvents no_events;

/* Instead of libvirt's: a daemon that goes away when it has just been connected to. */
static gboolean goes_away;

const char *
virConnectGetType (virConnectPtr connect)
{
  const char *(*real) (virConnectPtr) = dlsym (RTLD_NEXT, "virConnectGetType");

  return real (goes_away ? NULL : connect);
}

static LodgeLink *
open_link (const char  *uri,
           GError     **error)
{
  LodgeLink *link;
  GWeakRef nobody;

  g_weak_ref_init (&nobody, NULL);
  link = lodge_link_open (uri, &no_events, &nobody, error);
  g_weak_ref_clear (&nobody);

  return link;
}

static void
test_opens (void)
{
  g_autoptr(LodgeLink) first = NULL, second = NULL;
  g_autoptr(GError) error = NULL;

  first = open_link ("test:///default", &error);
  g_assert_no_error (error);
  second = open_link ("test:///default", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lodge_link_get_driver (first), ==, "TEST");
  g_assert_cmpuint (lodge_link_get_serial (first), !=, lodge_link_get_serial (second));
}

static void
test_lost_at_once (void)
{
  g_autoptr(LodgeLink) link = NULL;
  g_autoptr(GError) error = NULL;

  goes_away = TRUE;
  link = open_link ("test:///default", &error);
  goes_away = FALSE;
  g_assert_null (link);
  g_assert_nonnull (error);
  g_assert_true (error->domain == LODGE_ERROR);
}

/* What libvirt says has names in it that others chose, and is shown. */
static void
test_error_can_be_shown (void)
{
  g_autoptr(LodgeLink) link = NULL;
  g_autoptr(GError) error = NULL;

  link = open_link ("test:///nowhere/caf\xe9.xml", &error);
  g_assert_null (link);
  g_assert_nonnull (strstr (error->message, "/nowhere/caf"));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_silence_libvirt ();
  lodge_core_init ();

  g_test_add_func ("/core/libvirt-link/opens", test_opens);
  g_test_add_func ("/core/libvirt-link/lost-at-once", test_lost_at_once);
  g_test_add_func ("/core/libvirt-link/error-can-be-shown", test_error_can_be_shown);

  return g_test_run ();
}
