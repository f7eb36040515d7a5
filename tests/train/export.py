"""Writes what was learnt as filters/data/ has it: words as text, trees as rows of C."""
import json
import math
import os
import sys

DEPTH = 6


def words(path, table):
    rows = sorted((space, word, anywhere, inside) for anywhere, inside, (space, word), _ in table.values())
    with open(path, 'w', encoding='utf-8') as f:
        for space, word, anywhere, inside in rows:
            f.write(f'{space}\t{word}\t{anywhere}\t{inside}\n')


def trees(path, model, columns, name, scratch):
    """Rows of TREE(features, cuts, values in 1/1024): the first question is the highest bit of the
    number of the value. Features are integers: above 3.5 is above 3. `columns` are the numbers of the
    features that the model was shown."""
    model.save_model(scratch, format='json')
    with open(scratch) as f:
        dump = json.load(f)
    scale, bias = dump['scale_and_bias']
    bias = bias[0] if isinstance(bias, list) else bias
    forest = dump['oblivious_trees']
    with open(path, 'w') as f:
        program = os.path.basename(sys.argv[0])
        f.write(f'/* Made by tests/train/{program}: the {name} model, {len(forest)} trees. */\n')
        f.write(f'BIAS({round(bias * 1024)})\n')
        for t in forest:
            splits = t['splits'][::-1]
            while len(splits) < DEPTH:          # a question with one answer
                splits.insert(0, None)
            features = [columns[s['float_feature_index']] if s else 0 for s in splits]
            cuts = [max(-32768, min(32767, math.floor(s['border']))) if s else 32767 for s in splits]
            values = [max(-32767, min(32767, round(v * scale * 1024))) for v in t['leaf_values']]
            values += [0] * ((1 << DEPTH) - len(values))
            f.write(f'TREE(L({", ".join(map(str, features))}), L({", ".join(map(str, cuts))}), '
                    f'L({", ".join(map(str, values))}))\n')
