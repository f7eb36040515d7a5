#include "filters/decode/tables.h"

#include "charset.inc"
