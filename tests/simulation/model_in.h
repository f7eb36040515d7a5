/* tests/simulation/model_in.h -- between the model's own files. */
#ifndef PM_TESTS_SIMULATION_MODEL_IN_H
#define PM_TESTS_SIMULATION_MODEL_IN_H

#include "tests/simulation/model.h"

bool model_dirty(const struct model_partition *p);
size_t model_ndirty(const struct model *m);
bool model_has_room(const struct model *m);

#endif
