# fibers.py - fibers for gdb, in a live process and in a core file (x86-64).
#
# A core file of the kernel's (kill -ABRT) has the stacks; gdb's own gcore stops reading at the first guard and loses them.
#
#	(gdb) source tests/gdb/fibers.py
#	(gdb) fibers			one line a fiber: number, name, state, what it waits for
#	(gdb) fiber-bt 3		the frames of fiber 3 (or of a name)
#	(gdb) fiber-bt all		of all of them
import gdb
import gdb.unwinder

# Places in uc_mcontext.gregs (sys/ucontext.h).
REGISTERS = {"r8": 0, "r9": 1, "r10": 2, "r11": 3, "r12": 4, "r13": 5, "r14": 6, "r15": 7, "rdi": 8, "rsi": 9, "rbp": 10,
             "rbx": 11, "rdx": 12, "rax": 13, "rcx": 14, "rsp": 15, "rip": 16}


def fibers():
    """All live fibers as (number, struct fiber), in order of birth."""
    first = gdb.parse_and_eval("fiber_hub.all")
    found, f = [], first
    while f != 0:
        found.append((len(found), f.dereference()))
        f = f["all_next"]
        if f == first:
            break
    return found


def state(f):
    return str(f["state"]).replace("FIBER_", "").lower()


def describe(number, f):
    line = "%4d  %-32s %-8s" % (number, f["name"].string(), state(f))
    if f["what"] != 0 and state(f) == "parked":
        line += "waits " + f["what"].string()
        if int(f["fd"]) >= 0:
            line += " fd %d" % int(f["fd"])
        if f["which"] != 0:
            line += " " + f["which"].string()
    return line + (", cancelled" if f["cancelled"] else "")


class FrameId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class Jump(gdb.unwinder.Unwinder):
    """Says of the innermost frame that a parked fiber called it: what gdb then finds is the fiber's stack. Changes no register."""

    def __init__(self):
        super().__init__("fiber")
        self.fiber = None
        self.innermost = None

    def __call__(self, pending):
        if self.fiber is None:
            return None
        sp, pc = pending.read_register("rsp"), pending.read_register("rip")
        if (int(sp), int(pc)) != self.innermost:
            return None
        # Lower than any stack: gdb takes a caller that lies below its callee for a broken stack.
        info = pending.create_unwind_info(FrameId(gdb.Value(16).cast(sp.type), pc))
        saved = self.fiber["ctx"]["uc_mcontext"]["gregs"]
        for name, place in REGISTERS.items():
            value = gdb.Value(int(saved[place]) & (2**64 - 1))
            info.add_saved_register(name, value.cast(pending.read_register(name).type))
        return info


jump = Jump()
gdb.unwinder.register_unwinder(None, jump, replace=True)


def backtrace(number, f):
    gdb.write(describe(number, f) + "\n")
    if state(f) == "running":
        gdb.execute("backtrace")
        return
    newest = gdb.newest_frame()
    jump.innermost = (int(newest.read_register("rsp")), int(newest.read_register("rip")))
    jump.fiber = f
    try:
        gdb.invalidate_cached_frames()
        # Frame 0 is where the program really is; the fiber begins at 1.
        lines = gdb.execute("backtrace", to_string=True).split("\n")
        gdb.write("\n".join(line for line in lines if line and not line.startswith("#0 ")) + "\n")
    finally:
        jump.fiber = None
        gdb.invalidate_cached_frames()


class Fibers(gdb.Command):
    """List the live fibers."""

    def __init__(self):
        super().__init__("fibers", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        for number, f in fibers():
            gdb.write(describe(number, f) + "\n")


class FiberBacktrace(gdb.Command):
    """Show the frames of one fiber, by number or name, or of all."""

    def __init__(self):
        super().__init__("fiber-bt", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        chosen = [(n, f) for n, f in fibers() if argument in ("all", str(n), f["name"].string())]
        if not chosen:
            raise gdb.GdbError("no fiber %s; \"fibers\" lists them" % argument)
        for number, f in chosen:
            backtrace(number, f)


Fibers()
FiberBacktrace()
