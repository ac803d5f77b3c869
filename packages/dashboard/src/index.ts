export { startDashboard, type Dashboard, type DashboardOptions } from './dashboard.ts'
export type {
  HistoryEntry,
  HistoryQuery,
  Upstream,
  UpstreamAnswer,
  UpstreamChange,
  UpstreamRequest,
} from './upstream.ts'
