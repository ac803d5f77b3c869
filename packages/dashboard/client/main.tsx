// Where the browser begins.

import './style/index.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { listen } from './live.ts'
import { keepTime } from './now.ts'
import { keepSettings } from './settings.ts'

const place = document.getElementById('app')
if (place) render(<App />, place)
keepTime()
keepSettings()
void listen()
