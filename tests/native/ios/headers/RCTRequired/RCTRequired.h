// Imported by what codegen writes; nothing of it is used for this module.
#pragma once
