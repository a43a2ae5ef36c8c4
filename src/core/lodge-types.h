/* lodge-types.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LodgeState:
 * @LODGE_STATE_OFF: not running
 * @LODGE_STATE_SAVED: not running, its memory is saved to disc (libvirt: managed save)
 * @LODGE_STATE_CRASHED: not running, or stopped, because the guest or QEMU crashed
 * @LODGE_STATE_RUNNING: running
 * @LODGE_STATE_PAUSED: its CPUs stand still
 * @LODGE_STATE_ASLEEP: the guest put itself to sleep (libvirt: PMSUSPENDED)
 * @LODGE_STATE_SHUTTING_DOWN: told to shut down, still running
 *
 * What libvirt's events say of a machine.
 */
typedef enum
{
  LODGE_STATE_OFF,
  LODGE_STATE_SAVED,
  LODGE_STATE_CRASHED,
  LODGE_STATE_RUNNING,
  LODGE_STATE_PAUSED,
  LODGE_STATE_ASLEEP,
  LODGE_STATE_SHUTTING_DOWN,
} LodgeState;

/**
 * LodgeAction:
 * @LODGE_ACTION_NONE: nothing
 * @LODGE_ACTION_START: start, or restore from a saved state, or wake up
 * @LODGE_ACTION_PAUSE: stop the CPUs (libvirt: suspend)
 * @LODGE_ACTION_RESUME: let the CPUs run again
 * @LODGE_ACTION_SAVE: save the memory to disc and stop (libvirt: managed save)
 * @LODGE_ACTION_DISCARD_SAVED: throw the saved memory away
 * @LODGE_ACTION_SHUT_DOWN: ask the guest to shut down
 * @LODGE_ACTION_RESTART: ask the guest to restart
 * @LODGE_ACTION_FORCE_OFF: pull the plug (libvirt: destroy)
 *
 * What can be done with a machine's life.
 */
typedef enum
{
  LODGE_ACTION_NONE,
  LODGE_ACTION_START,
  LODGE_ACTION_PAUSE,
  LODGE_ACTION_RESUME,
  LODGE_ACTION_SAVE,
  LODGE_ACTION_DISCARD_SAVED,
  LODGE_ACTION_SHUT_DOWN,
  LODGE_ACTION_RESTART,
  LODGE_ACTION_FORCE_OFF,
} LodgeAction;

/**
 * LodgeHostState:
 * @LODGE_HOST_STATE_CLOSED: not connected and not trying
 * @LODGE_HOST_STATE_CONNECTING: the first attempt is under way
 * @LODGE_HOST_STATE_OPEN: connected
 * @LODGE_HOST_STATE_LOST: not connected; another attempt is under way or will be made by itself
 */
typedef enum
{
  LODGE_HOST_STATE_CLOSED,
  LODGE_HOST_STATE_CONNECTING,
  LODGE_HOST_STATE_OPEN,
  LODGE_HOST_STATE_LOST,
} LodgeHostState;

/**
 * LodgeAcceleration:
 * @LODGE_ACCELERATION_UNKNOWN: not probed yet
 * @LODGE_ACCELERATION_KVM: a probe guest really ran under KVM
 * @LODGE_ACCELERATION_NONE: software emulation only
 */
typedef enum
{
  LODGE_ACCELERATION_UNKNOWN,
  LODGE_ACCELERATION_KVM,
  LODGE_ACCELERATION_NONE,
} LodgeAcceleration;

/**
 * LodgeGraphicsType:
 * @LODGE_GRAPHICS_NONE: the machine has no graphics
 * @LODGE_GRAPHICS_SPICE: SPICE
 * @LODGE_GRAPHICS_VNC: VNC and no SPICE
 * @LODGE_GRAPHICS_OTHER: another kind and neither SPICE nor VNC
 */
typedef enum
{
  LODGE_GRAPHICS_NONE,
  LODGE_GRAPHICS_SPICE,
  LODGE_GRAPHICS_VNC,
  LODGE_GRAPHICS_OTHER,
} LodgeGraphicsType;

/**
 * LodgePriority:
 * @LODGE_PRIORITY_BACKGROUND: others go before it
 * @LODGE_PRIORITY_NORMAL: as everybody
 * @LODGE_PRIORITY_FIRST: goes before others
 *
 * Who gets the processors, and the memory, when there is not enough for all.
 */
typedef enum
{
  LODGE_PRIORITY_BACKGROUND,
  LODGE_PRIORITY_NORMAL,
  LODGE_PRIORITY_FIRST,
} LodgePriority;

/**
 * LodgeShareKind:
 * @LODGE_SHARE_RESERVE: what the host keeps for itself
 * @LODGE_SHARE_MACHINE: a running machine
 * @LODGE_SHARE_OVERHEAD: what QEMU needs for itself, of all machines together
 * @LODGE_SHARE_SERVICE: a container
 * @LODGE_SHARE_FREE: nobody's
 *
 * Whose a share of a computer's memory and cores is.
 */
typedef enum
{
  LODGE_SHARE_RESERVE,
  LODGE_SHARE_MACHINE,
  LODGE_SHARE_OVERHEAD,
  LODGE_SHARE_SERVICE,
  LODGE_SHARE_FREE,
} LodgeShareKind;

/**
 * LodgeShareSource:
 * @LODGE_SHARE_SOURCE_REST: what is left of the rest
 * @LODGE_SHARE_SOURCE_DEFAULT: a rule: the larger of 2 GiB and 20 %
 * @LODGE_SHARE_SOURCE_SETTING: the user has said so
 * @LODGE_SHARE_SOURCE_GIVEN: what the machine has been given, used or not
 * @LODGE_SHARE_SOURCE_RESIDENT: measured: what it occupies, which is more than it has been given
 * @LODGE_SHARE_SOURCE_LIMIT: the most that the container may use
 * @LODGE_SHARE_SOURCE_USE: measured: what the container uses, as it has no limit
 * @LODGE_SHARE_SOURCE_ESTIMATE: a guess from what is in the machine
 *
 * Where the size of a share comes from.
 */
typedef enum
{
  LODGE_SHARE_SOURCE_REST,
  LODGE_SHARE_SOURCE_DEFAULT,
  LODGE_SHARE_SOURCE_SETTING,
  LODGE_SHARE_SOURCE_GIVEN,
  LODGE_SHARE_SOURCE_RESIDENT,
  LODGE_SHARE_SOURCE_LIMIT,
  LODGE_SHARE_SOURCE_USE,
  LODGE_SHARE_SOURCE_ESTIMATE,
} LodgeShareSource;

/**
 * LodgeMemoryReason:
 * @LODGE_MEMORY_REASON_OFF: the memory is not moved automatically, or the guest does not run
 * @LODGE_MEMORY_REASON_NO_FIGURES: the guest does not tell what it uses
 * @LODGE_MEMORY_REASON_STEADY: it has what it needs
 * @LODGE_MEMORY_REASON_FOLLOWS: the guest has not done yet what was asked of it last
 * @LODGE_MEMORY_REASON_NEEDS_MORE: it is given more, as it uses more
 * @LODGE_MEMORY_REASON_GIVES_BACK: it gives back what it has not used for a while
 * @LODGE_MEMORY_REASON_YIELDS: it gives up what it uses least, as the host or another guest is short
 * @LODGE_MEMORY_REASON_HOST_SHORT: it needs more, but the host has no more to give
 * @LODGE_MEMORY_REASON_CEILING: it needs more, but has the most that it may have
 * @LODGE_MEMORY_REASON_KEEPS: it was asked to give back and does not
 * @LODGE_MEMORY_REASON_RANGE: it was outside its range
 *
 * Why a guest's automatic memory moves or stays.
 */
typedef enum
{
  LODGE_MEMORY_REASON_OFF,
  LODGE_MEMORY_REASON_NO_FIGURES,
  LODGE_MEMORY_REASON_STEADY,
  LODGE_MEMORY_REASON_FOLLOWS,
  LODGE_MEMORY_REASON_NEEDS_MORE,
  LODGE_MEMORY_REASON_GIVES_BACK,
  LODGE_MEMORY_REASON_YIELDS,
  LODGE_MEMORY_REASON_HOST_SHORT,
  LODGE_MEMORY_REASON_CEILING,
  LODGE_MEMORY_REASON_KEEPS,
  LODGE_MEMORY_REASON_RANGE,
} LodgeMemoryReason;

/**
 * LodgeStartVerdict:
 * @LODGE_START_UNKNOWN: the host's memory is not known
 * @LODGE_START_FITS: there is enough
 * @LODGE_START_RESERVE: it would take of what the host keeps for itself
 *
 * What starting a machine would do to the host.
 */
typedef enum
{
  LODGE_START_UNKNOWN,
  LODGE_START_FITS,
  LODGE_START_RESERVE,
} LodgeStartVerdict;

/**
 * LodgeProposalKind:
 * @LODGE_PROPOSAL_LESS: start with less memory, this time
 * @LODGE_PROPOSAL_FREE: take memory back from running guests first
 * @LODGE_PROPOSAL_ANYWAY: start as it is defined
 *
 * What can be done about a host without enough memory.
 */
typedef enum
{
  LODGE_PROPOSAL_LESS,
  LODGE_PROPOSAL_FREE,
  LODGE_PROPOSAL_ANYWAY,
} LodgeProposalKind;

/**
 * LodgeStartStage:
 * @LODGE_START_STAGE_NONE: nothing has been done
 * @LODGE_START_STAGE_FREEING: guests are giving memory back
 * @LODGE_START_STAGE_STARTING: the machine is being started
 * @LODGE_START_STAGE_SETTLING: it runs, and still has to give back what it shall not have
 * @LODGE_START_STAGE_DONE: it runs, and the host has what it should
 * @LODGE_START_STAGE_UNDOING: guests get their memory again
 * @LODGE_START_STAGE_FAILED: it did not work, or was cancelled; guests have their memory again
 */
typedef enum
{
  LODGE_START_STAGE_NONE,
  LODGE_START_STAGE_FREEING,
  LODGE_START_STAGE_STARTING,
  LODGE_START_STAGE_SETTLING,
  LODGE_START_STAGE_DONE,
  LODGE_START_STAGE_UNDOING,
  LODGE_START_STAGE_FAILED,
} LodgeStartStage;

typedef struct _LodgeBudget   LodgeBudget;
typedef struct _LodgeHost     LodgeHost;
typedef struct _LodgeHostList LodgeHostList;
typedef struct _LodgeMachine  LodgeMachine;

typedef struct _LodgeMachinePreferences LodgeMachinePreferences;

G_END_DECLS
