# hostile-zones.py SMTPWHY - a small DNS server that misbehaves, and what `smtpwhy check` makes of it: for each zone the finding, how
# many questions it took, how much memory, and that nothing of the zone reaches the terminal raw. Speaks TAP.
import json
import resource
import socket
import struct
import subprocess
import sys
import threading

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA = 1, 2, 5, 6, 12, 15, 16, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
KINDS = {A: 'A', CNAME: 'CNAME', MX: 'MX', TXT: 'TXT', AAAA: 'AAAA', PTR: 'PTR'}


def labels(name):
    return b''.join(bytes([len(p)]) + p for p in (n if isinstance(n, bytes) else n.encode() for n in name)) + b'\0'


def wire(name):
    return labels([p for p in name.split('.') if p])


def record(owner, kind, data, ttl=60):
    return owner + struct.pack('!HHIH', kind, 1, ttl, len(data)) + data


def mx(host, preference=10):
    return struct.pack('!H', preference) + (host if isinstance(host, bytes) else wire(host))


def txt(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return b''.join(bytes([len(raw[i:i + 255])]) + raw[i:i + 255] for i in range(0, len(raw), 255)) or b'\0'


HERE = b'\xc0\x0c'		# the name that was asked for


class Answer:
    def __init__(self, records=(), rcode=NOERROR, truncated=False, count=None):
        self.records, self.rcode, self.truncated, self.count = list(records), rcode, truncated, count


# --- the zones: NAME of the domain -> what is answered to (labels of the question, type) ---

def cname_loop(name, kind):
    return Answer([record(HERE, CNAME, wire('a.loop.test')), record(wire('a.loop.test'), CNAME, wire('b.loop.test')),
                   record(wire('b.loop.test'), CNAME, wire('a.loop.test'))])


def cname_chain(name, kind):
    names = ['c%d.chain.test' % i for i in range(60)]
    chain = [record(HERE, CNAME, wire(names[0]))]
    chain += [record(wire(names[i]), CNAME, wire(names[i + 1])) for i in range(59)]
    return Answer(chain + [record(wire(names[59]), kind, mx('mx.chain.test'))])


def cname_ahead(name, kind):
    """Each answer leads to a name that nobody has asked for yet."""
    n = int(name[0][1:]) if name[0][:1] == 'n' and name[0][1:].isdigit() else 0
    return Answer([record(HERE, CNAME, wire('n%d.ahead.test' % (n + 1)))])


def many_mx(name, kind):
    if kind == MX:
        return Answer(record(HERE, MX, mx('h%d.many.test' % i, i % 7)) for i in range(4000))
    return Answer([record(HERE, A, bytes([192, 0, 2, 1]))]) if kind == A else Answer()


def many_addresses(name, kind):
    if kind == MX:
        return Answer([record(HERE, MX, mx('mx.addresses.test'))])
    if kind == A:
        return Answer(record(HERE, A, bytes([127, 1, i >> 8, i & 255])) for i in range(4000))
    return Answer()


def includes(name, kind):
    n = int(name[0][1:]) if name[0][:1] == 'i' and name[0][1:].isdigit() else 0
    return Answer([record(HERE, TXT, txt('v=spf1 include:i%d.includes.test -all' % (n + 1)))]) if kind == TXT else Answer()


def fan(name, kind):
    """Each record includes as many others as fit, each of them as many again."""
    n = name[0] if name[0] != 'fan' else ''
    return Answer([record(HERE, TXT, txt('v=spf1 ' + ' '.join('include:%sx%d.fan.test' % (n[:40], i) for i in range(400)) + ' -all'))]) \
        if kind == TXT else Answer()


def redirects(name, kind):
    n = int(name[0][1:]) if name[0][:1] == 'r' and name[0][1:].isdigit() else 0
    return Answer([record(HERE, TXT, txt('v=spf1 redirect=r%d.redirects.test' % (n + 1)))]) if kind == TXT else Answer()


def to_itself(name, kind):
    return Answer([record(HERE, TXT, txt('v=spf1 include:itself.test include:itself.test -all'))]) if kind == TXT else Answer()


def long_txt(name, kind):
    return Answer([record(HERE, TXT, txt('v=spf1 ' + 'ip4:192.0.2.1 ' * 4600 + '-all'))]) if kind == TXT else Answer()


def many_txt(name, kind):
    return Answer(record(HERE, TXT, txt('v=spf1 -all')) for i in range(2000)) if kind == TXT else Answer()


def pointer_loop(name, kind):
    return Answer([record(HERE, MX, struct.pack('!H', 10) + b'\xc0\x0c'), b'\xc0\xff' + struct.pack('!HHIH', MX, 1, 60, 4) + b'\0\1\xc0\xff'])


def pointer_to_itself(name, kind):
    at = 12 + len(wire('.'.join(name))) + 4
    return Answer([struct.pack('!H', 0xc000 | at) + struct.pack('!HHIH', kind, 1, 60, 2) + struct.pack('!H', 0xc000 | at)])


def lame(name, kind):
    return Answer(rcode=REFUSED)


def broken(name, kind):
    return Answer(rcode=SERVFAIL)


def always_truncated(name, kind):
    return Answer([], truncated=True)


def says_more(name, kind):
    return Answer([record(HERE, MX, mx('mx.more.test'))], count=65535)


def binary(name, kind):
    """Escape sequences of a terminal where a host name and a text should be."""
    if kind == MX:
        return Answer([record(HERE, MX, mx(labels([b'\x1b[2J\x1b[31m', b'a\r\nb', b'test'])))])
    if kind == TXT:
        return Answer([record(HERE, TXT, txt(b'v=spf1 \x1b]0;owned\x07 \x1b[2J ?all'))])
    return Answer()


def long_name(name, kind):
    return Answer([record(HERE, MX, mx(labels([b'x' * 63] * 4)))]) if kind == MX else Answer()


def report_addresses(name, kind):
    if name[0] == '_dmarc' and kind == TXT:
        uris = ','.join('mailto:d@r%d.report.test' % i for i in range(2000))
        return Answer([record(HERE, TXT, txt('v=DMARC1; p=none; rua=' + uris))])
    return Answer()


def many_names(name, kind):
    return Answer(record(HERE, PTR, wire('p%d.names.test' % i)) for i in range(3000)) if kind == PTR else Answer()


# DOMAIN, zone, the checks, findings of which at least one must be said ('' = none is due), the most questions, further options
CASES = [
    ('aliases in a circle', 'loop.test', cname_loop, 'dns.mx', 'mx.bad-answer', 20, []),
    ('a chain of sixty aliases', 'chain.test', cname_chain, 'dns.mx', 'mx.bad-answer', 20, []),
    ('aliases without end, one an answer', 'ahead.test', cname_ahead, 'dns.mx', '', 60, []),
    ('4,000 MX records', 'many.test', many_mx, 'dns.*', '', 400, []),
    ('4,000 addresses of an MX host', 'addresses.test', many_addresses, 'dns.mx*', '', 60, []),
    ('includes without end', 'includes.test', includes, 'dns.spf', 'spf.lookups-worst', 60, []),
    ('400 includes in each of 400', 'fan.test', fan, 'dns.spf', 'spf.lookups-worst', 800, []),
    ('redirects without end', 'redirects.test', redirects, 'dns.spf', 'spf.lookups-worst', 60, []),
    ('a record that includes itself', 'itself.test', to_itself, 'dns.spf', 'spf.lookups spf.loop', 60, []),
    ('a record of 64 KB', 'long.test', long_txt, 'dns.spf', '', 20, []),
    ('2,000 SPF records', 'texts.test', many_txt, 'dns.spf', 'spf.two-records', 20, []),
    ('a name that points to itself', 'pointer.test', pointer_to_itself, 'dns.mx', 'mx.bad-answer', 20, []),
    ('a name that points behind the end', 'behind.test', pointer_loop, 'dns.mx', 'mx.bad-answer', 20, []),
    ('a server that refuses', 'lame.test', lame, 'dns.mx', 'mx.look-up', 20, []),
    ('a server that fails', 'broken.test', broken, 'dns.mx', 'mx.look-up', 20, []),
    ('cut short by UDP and by TCP', 'cut.test', always_truncated, 'dns.mx', 'mx.bad-answer', 20, []),
    ('more records announced than sent', 'more.test', says_more, 'dns.mx', 'mx.bad-answer', 20, []),
    ('escape sequences for names', 'binary.test', binary, 'dns.*', '', 400, []),
    ('a host name of 256 octets', 'name.test', long_name, 'dns.mx', 'mx.bad-answer', 20, []),
    ('2,000 report addresses', 'report.test', report_addresses, 'dns.dmarc', '', 80, []),
    ('3,000 names of one address', 'names.test', many_names, 'dns.ptr', '', 80, ['--sender-ip', '203.0.113.9']),
]


class Server:
    def __init__(self):
        self.zone, self.asked = None, 0
        while True:
            self.tcp = socket.create_server(('127.0.0.1', 0), backlog=64)
            self.port = self.tcp.getsockname()[1]
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self.udp.bind(('127.0.0.1', self.port))
                break
            except OSError:
                self.udp.close()
                self.tcp.close()
        threading.Thread(target=self.serve_udp, daemon=True).start()
        threading.Thread(target=self.serve_tcp, daemon=True).start()

    def reply(self, query, limit):
        at, name = 12, []
        while query[at]:
            name.append(query[at + 1:at + 1 + query[at]].decode('latin-1').lower())
            at += 1 + query[at]
        end = at + 5
        kind = struct.unpack('!H', query[at + 1:at + 3])[0]
        self.asked += 1
        a = self.zone(name, kind)
        body, n, truncated = b'', 0, a.truncated
        for r in a.records:
            if end + len(body) + len(r) > limit:
                truncated = True
                break
            body, n = body + r, n + 1
        flags = 0x8180 | (0x0200 if truncated else 0) | a.rcode
        return query[:2] + struct.pack('!HHHHH', flags, 1, a.count or n, 0, 0) + query[12:end] + body

    def serve_udp(self):
        while True:
            query, peer = self.udp.recvfrom(4096)
            self.udp.sendto(self.reply(query, 1232), peer)

    def serve_tcp(self):
        while True:
            threading.Thread(target=self.one, args=(self.tcp.accept()[0],), daemon=True).start()

    def one(self, c):
        def take(n):
            got = b''
            while len(got) < n:
                piece = c.recv(n - len(got))
                if not piece:
                    raise EOFError
                got += piece
            return got
        try:
            while True:
                answer = self.reply(take(struct.unpack('!H', take(2))[0]), 65535)
                c.sendall(struct.pack('!H', len(answer)) + answer)
        except (EOFError, OSError):
            c.close()


def main():
    smtpwhy, server, bad, n = sys.argv[1], Server(), 0, 0

    def say(good, what, why=''):
        nonlocal bad, n
        n += 1
        print('%s %d - %s' % ('ok' if good else 'not ok', n, what))
        if not good:
            bad = 1
            print('#   ' + str(why).replace('\n', '\n#   '))

    for title, domain, zone, only, wanted, most, options in CASES:
        server.zone, server.asked = zone, 0
        command = [smtpwhy, 'check', domain, '--resolver', '127.0.0.1:%d' % server.port, '--only', only, '--no-progress', '-v',
                   '--color', 'never', '--timeout', '5'] + options
        text = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
        asked, server.asked = server.asked, 0
        report = subprocess.run(command + ['--format', 'json'], capture_output=True, stdin=subprocess.DEVNULL)
        say(text.returncode in (0, 1, 3) and report.returncode == text.returncode, title + ': a report comes of it',
            '%s\nexit %d\n%s' % (command, text.returncode, text.stderr.decode('latin-1')[-400:]))
        try:
            findings = {c.get('finding') for c in json.loads(report.stdout)['checks']}
        except ValueError as e:
            say(False, '... in JSON', e)
            continue
        say(not wanted or findings & set(wanted.split()), '... and the finding', 'want %s, got %s' % (wanted, findings))
        say(asked <= most, '... after no more than %d questions' % most, asked)
        say(not any(b < 32 and b != 10 for b in text.stdout), '... and no control character in it', text.stdout[:400])
        say(len(text.stdout) < 256 * 1024, '... nor more than 256 KB', len(text.stdout))
    # Of the largest of them all, in KB. A sanitizer's shadow is not ours.
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with open(smtpwhy, 'rb') as f:
        sanitized = b'__asan_init' in f.read()
    say(sanitized or most < 150 * 1024, 'none took more than 150 MB', '%d KB' % most)
    print('1..%d' % n)
    return bad


sys.exit(main())
