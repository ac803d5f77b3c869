// The account of every emulator that was not given others.

/** Name of the Batch account that every emulator has unless others are named. */
export const DEVELOPMENT_ACCOUNT = 'devbatchaccount1'

/** Its key, base64. It is public: whoever reaches the emulator can use it. */
export const DEVELOPMENT_KEY =
  'oF3aMrdvmUYeYew+5+OpgrRWoMsnMT0xzLrcl+tKltgpASei/yZwKWoBVjPA9+VjK9TMs1bQb7sN++as4x0KNA=='
