# -*- coding: utf-8 -*-
"""Pickles as CPython 2.7 writes them, for machines that have no Python 2.

    python2.7 python-harness/gen_pickle_python2.py > compat-fixtures/pickle/2.7.18.json

Each case: id, protocol, C pickler or pure Python one, hex, and repr() as Python 2 shows the value."""
import binascii, cPickle, collections, datetime, decimal, json, pickle, re, sys, uuid


class Old:
    def __init__(self):
        self.a = 1


class New(object):
    def __init__(self):
        self.b = u'é'


Old.__module__ = New.__module__ = 'shop.models'
sys.modules['shop'] = sys.modules['shop.models'] = mod = type(sys)('shop.models')
mod.Old, mod.New = Old, New
shared = ['x']
loop = []
loop.append(loop)
CASES = [
    ('str-ascii', 'hello'), ('str-bytes', '\x80\xff\n\\\'"'), ('unicode', u'caf\xe9 \u20ac \U0001f600'), ('unicode-escapes', u'a\\b\nc\u0000'),
    ('int', 2147483647), ('int-neg', -2147483648), ('long', 5L), ('long-big', -(2 ** 70)), ('bool', [True, False, None]),
    ('float', [1.0, -0.0, 1e308, 0.1]), ('tuple', (1, 'a', u'b')), ('empty', ((), [], {})), ('set', set([3])), ('frozenset', frozenset([4])),
    ('dict-str-keys', {'user_id': 42}), ('dict-int-keys', {1: 'one'}), ('shared', [shared, shared]), ('loop', loop),
    ('old-instance', Old()), ('new-instance', New()), ('datetime', datetime.datetime(2012, 2, 29, 23, 59, 59, 999999)),
    ('date', datetime.date(1970, 1, 1)), ('timedelta', datetime.timedelta(-1, 3)), ('decimal', decimal.Decimal('1.10')),
    ('uuid', uuid.UUID(int=7)), ('ordereddict', collections.OrderedDict([('b', 1), ('a', 2)])), ('complex', 1 - 2j), ('class', Old), ('builtin', len),
    ('exception', ValueError('no')), ('unicode-subclass-key', {u'k': 'v'}),
    ('session', {'_permanent': True, 'username': 2222}),
    ('session-login', {'_permanent': True, 'user_id': u'42', '_fresh': True, '_id': 'ab' * 32, '_flashes': [('info', u'Willkommen, J\xf6rg')], 'cart': {'10': 2, '9': 1}}),
]
out = []
for name, value in CASES:
    for protocol in (0, 1, 2):
        for kind, module in (('c', cPickle), ('py', pickle)):
            try:
                data = module.dumps(value, protocol)
            except Exception as e:
                continue
            out.append({'id': name, 'protocol': protocol, 'pickler': kind, 'hex': binascii.hexlify(data), 'repr': re.sub(' at 0x[0-9a-f]+', '', repr(value))})
seen, uniq = set(), []
for c in out:
    if (c['id'], c['hex']) not in seen:
        seen.add((c['id'], c['hex']))
        uniq.append(c)
print json.dumps({'source': {'package': 'cpython', 'version': sys.version.split()[0]}, 'generator': 'gen_pickle_python2.py', 'cases': uniq}, indent=0, sort_keys=True)
