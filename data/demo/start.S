/* start.S: how the demo guest begins, and its interrupts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A multiboot 1 header, so that QEMU's -kernel (libvirt's <kernel>) loads it without a boot
 * loader. The processor arrives in 32-bit protected mode without paging, with interrupts off.
 */

        .set    MAGIC, 0x1badb002
        .set    FLAGS, 0x00000002               /* we want to know how much memory there is */

        .section .multiboot, "a"
        .balign 4
        .long   MAGIC, FLAGS, -(MAGIC + FLAGS)

        .section .text
        .globl  _start
_start:
        cli
        cld
        movl    $stack_top, %esp
        lgdt    gdt_register
        ljmp    $0x08, $1f
1:      movw    $0x10, %cx
        movw    %cx, %ds
        movw    %cx, %es
        movw    %cx, %fs
        movw    %cx, %gs
        movw    %cx, %ss
        pushl   %ebx                            /* the multiboot information */
        call    demo_main
2:      cli
        hlt
        jmp     2b

/* One entry an interrupt line, each calling demo_interrupt (line). */
        .macro  entry line
        .globl  interrupt_\line
interrupt_\line:
        pushal
        cld
        pushl   $\line
        call    demo_interrupt
        addl    $4, %esp
        popal
        iret
        .endm
        .irp    line, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        entry   \line
        .endr

        .section .rodata
        .globl  interrupt_entries
interrupt_entries:
        .irp    line, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        .long   interrupt_\line
        .endr

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9a000000ffff              /* 0x08: code, 4 GiB */
        .quad   0x00cf92000000ffff              /* 0x10: data, 4 GiB */
gdt_register:
        .word   . - gdt - 1
        .long   gdt

        .section .bss
        .balign 16
        .space  32768
stack_top:

        .section .note.GNU-stack, "", @progbits
