/* lodge-words.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "lodge-host.h"
#include "lodge-machine.h"

G_BEGIN_DECLS

const char *lodge_words_machine_state      (LodgeState    state,
                                            LodgeAction   pending);
const char *lodge_words_machine_state_icon (LodgeState    state);
char       *lodge_words_dup_machine_title  (LodgeMachine *machine);
char       *lodge_words_dup_host_name      (LodgeHost    *host);
char       *lodge_words_dup_host_state     (LodgeHost    *host);
const char *lodge_words_host_state_icon    (LodgeHost    *host);
char       *lodge_words_dup_keys           (const char   *keys);

G_END_DECLS
