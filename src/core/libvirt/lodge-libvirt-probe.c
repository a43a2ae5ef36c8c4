/* lodge-libvirt-probe.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-probe-private.h"

/*
 * Does KVM run guests here?
 *
 * That there is a /dev/kvm says little: nested in some clouds, every
 * instruction of a guest is interpreted, and it seems to hang. So two guests
 * without discs are run for a moment, one under KVM and one in software, and
 * race through the start of the firmware. SeaBIOS says how far it has got on
 * the debug port (0x402, https://www.seabios.org/Debugging), which libvirt
 * can have as a console. KVM that works wins by far; if it loses, nobody
 * wants it.
 *
 * Firmware of other kinds of computers has nothing like it; there, what
 * libvirt says of KVM is taken as it is.
 */

/* When both are silent for so long, there is nothing to be learned. */
#define LONGEST (8 * G_USEC_PER_SEC)

/* How much longer than software KVM may take: half of the time and this, as the clock is coarse and
 * the computer busy.
 */
#define GRACE (G_USEC_PER_SEC / 5)

/* Without software emulation to compare it with. */
#define LIMIT_ALONE (2 * G_USEC_PER_SEC)

#define LOOK_AGAIN 2000

#define PROBE_XML \
  "<domain type='%s'>" \
  "<name>" LODGE_PROBE_PREFIX "%s-%08x</name>" \
  "<memory unit='MiB'>32</memory>" \
  "<os><type arch='%s'>hvm</type></os>" \
  "<on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>" \
  "<devices>" \
  "<serial type='pty'>" \
  "<target type='isa-debug'><model name='isa-debugcon'/></target>" \
  "<address type='isa' iobase='0x402'/>" \
  "</serial>" \
  "<controller type='usb' model='none'/>" \
  "<memballoon model='none'/>" \
  "</devices>" \
  "</domain>"

typedef struct
{
  virDomainPtr  domain;
  virStreamPtr  stream;
  GString      *said;
  gint64        began;   /* at its first word */
  gint64        took;    /* until the firmware looked for a system to start, or 0 */
} Runner;

static void
runner_clear (Runner *runner)
{
  if (runner->stream != NULL)
    {
      virStreamAbort (runner->stream);
      virStreamFree (runner->stream);
    }

  if (runner->domain != NULL)
    {
      virDomainDestroyFlags (runner->domain, 0);
      virDomainFree (runner->domain);
    }

  if (runner->said != NULL)
    g_string_free (runner->said, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Runner, runner_clear)

/* It stands still at first, so that nothing that it says is missed. */
static gboolean
runner_create (Runner         *runner,
               virConnectPtr   connect,
               const char     *type,
               const char     *arch,
               GError        **error)
{
  g_autofree char *xml = g_strdup_printf (PROBE_XML, type, type, g_random_int (), arch);

  runner->said = g_string_new (NULL);
  runner->domain = virDomainCreateXML (connect, xml,
                                       VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY);

  /* Not every way to the driver can promise to clean up after us. */
  if (runner->domain == NULL)
    runner->domain = virDomainCreateXML (connect, xml, VIR_DOMAIN_START_PAUSED);

  if (runner->domain == NULL)
    return lodge_libvirt_fail (error);

  runner->stream = virStreamNew (connect, VIR_STREAM_NONBLOCK);
  if (runner->stream == NULL ||
      virDomainOpenConsole (runner->domain, NULL, runner->stream, 0) < 0)
    return lodge_libvirt_fail (error);

  return TRUE;
}

/* Reads what it has said. Returns FALSE when nothing more can come. */
static gboolean
runner_listen (Runner *runner)
{
  static const char *const goals[] = { "handle_19", "Booting from", "No bootable" };
  char bytes[1024];
  int n;

  if (runner->domain == NULL || runner->took != 0)
    return FALSE;

  if ((n = virStreamRecv (runner->stream, bytes, sizeof bytes)) == -2)
    return TRUE;
  if (n <= 0)
    return FALSE;

  if (runner->began == 0)
    runner->began = g_get_monotonic_time ();

  g_string_append_len (runner->said, bytes, n);
  for (guint i = 0; i < G_N_ELEMENTS (goals); i++)
    {
      if (strstr (runner->said->str, goals[i]) != NULL)
        runner->took = MAX (g_get_monotonic_time () - runner->began, 1);
    }

  return TRUE;
}

static gboolean
kvm_is_late (const Runner *kvm,
             const Runner *software,
             gint64        since)
{
  gint64 now = g_get_monotonic_time ();
  gint64 limit = LIMIT_ALONE;

  if (software->domain != NULL && software->took == 0)
    return FALSE;

  if (software->took != 0)
    limit = software->took + software->took / 2 + GRACE;

  return now - (kvm->began != 0 ? kvm->began : since) > limit;
}

static LodgeAcceleration
race (Runner *kvm,
      Runner *software)
{
  gint64 since = g_get_monotonic_time ();

  virDomainResume (kvm->domain);
  if (software->domain != NULL)
    virDomainResume (software->domain);

  while (g_get_monotonic_time () - since < LONGEST)
    {
      runner_listen (kvm);
      runner_listen (software);

      if (kvm->took != 0)
        return LODGE_ACCELERATION_KVM;

      if (kvm_is_late (kvm, software, since))
        return LODGE_ACCELERATION_NONE;

      g_usleep (LOOK_AGAIN);
    }

  /* A firmware that says nothing at all. */
  return kvm->began == 0 && software->began == 0 ? LODGE_ACCELERATION_KVM : LODGE_ACCELERATION_NONE;
}

/* The architecture in the answer of virConnectGetDomainCapabilities(), or NULL. */
static char *
find_arch (const char *capabilities)
{
  const char *begin = strstr (capabilities, "<arch>");
  const char *end = begin != NULL ? strstr (begin, "</arch>") : NULL;

  if (end == NULL)
    return NULL;

  begin += strlen ("<arch>");

  return g_strndup (begin, end - begin);
}

/* Blocks for a second or so. Fails only if nothing could be found out. @ran: whether guests had to
 * be run for it.
 */
gboolean
lodge_libvirt_probe (virConnectPtr       connect,
                     LodgeAcceleration  *acceleration,
                     gboolean           *ran,
                     GError            **error)
{
  g_auto(Runner) software = { 0, };
  g_auto(Runner) kvm = { 0, };
  g_autofree char *arch = NULL;
  g_autoptr(GError) failure = NULL;
  char *capabilities;

  *ran = FALSE;
  *acceleration = LODGE_ACCELERATION_NONE;
  capabilities = virConnectGetDomainCapabilities (connect, NULL, NULL, NULL, "kvm", 0);

  if (capabilities == NULL)
    {
      lodge_libvirt_fail (&failure);
      if (g_error_matches (failure, LODGE_ERROR, LODGE_ERROR_DISCONNECTED))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      return TRUE;
    }

  arch = find_arch (capabilities);
  free (capabilities);

  if (g_strcmp0 (arch, "x86_64") != 0 && g_strcmp0 (arch, "i686") != 0)
    {
      *acceleration = LODGE_ACCELERATION_KVM;
      return TRUE;
    }

  if (!runner_create (&kvm, connect, "kvm", arch, &failure))
    {
      if (g_error_matches (failure, LODGE_ERROR, LODGE_ERROR_KVM))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  /* Some distributions leave software emulation out. */
  if (!runner_create (&software, connect, "qemu", arch, NULL))
    {
      runner_clear (&software);
      memset (&software, 0, sizeof software);
    }

  *ran = TRUE;
  *acceleration = race (&kvm, &software);

  return TRUE;
}

static char *
cache_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "lodge", "acceleration", NULL);
}

/* The names of groups may not have brackets in them, as IPv6 addresses do. */
static char *
group_name (const char *uri)
{
  return g_uri_escape_string (uri, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);
}

/* Changes when this computer is started again. Of another one nothing like it can be asked; the
 * day must do.
 */
static char *
get_epoch (gboolean local)
{
  g_autoptr(GDateTime) now = NULL;
  char *boot_id = NULL;

  if (local && g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    return g_strstrip (boot_id);

  now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%d");
}

/* Blocks a little. Returns what was found out since the host @uri was started, or
 * %LODGE_ACCELERATION_UNKNOWN.
 */
LodgeAcceleration
lodge_libvirt_probe_recall (const char *uri,
                            gboolean    local)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *group = group_name (uri);
  g_autofree char *path = cache_path ();
  g_autofree char *epoch = get_epoch (local);
  g_autofree char *stored = NULL;
  g_autofree char *result = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return LODGE_ACCELERATION_UNKNOWN;

  stored = g_key_file_get_string (file, group, "epoch", NULL);
  result = g_key_file_get_string (file, group, "result", NULL);

  if (g_strcmp0 (stored, epoch) != 0)
    return LODGE_ACCELERATION_UNKNOWN;

  if (g_strcmp0 (result, "kvm") == 0)
    return LODGE_ACCELERATION_KVM;

  return g_strcmp0 (result, "none") == 0 ? LODGE_ACCELERATION_NONE : LODGE_ACCELERATION_UNKNOWN;
}

/* Blocks a little. That it cannot be stored only costs time at the next start. */
void
lodge_libvirt_probe_store (const char        *uri,
                           gboolean           local,
                           LodgeAcceleration  acceleration)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *group = group_name (uri);
  g_autofree char *path = cache_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *epoch = get_epoch (local);

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  g_key_file_set_string (file, group, "epoch", epoch);
  g_key_file_set_string (file, group, "result",
                         acceleration == LODGE_ACCELERATION_KVM ? "kvm" : "none");

  g_mkdir_with_parents (folder, 0700);
  g_key_file_save_to_file (file, path, NULL);
}
