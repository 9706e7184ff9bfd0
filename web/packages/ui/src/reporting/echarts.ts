import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init as begin, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

export type { EChartsType };

/** Only what our charts need: the whole library is several times as large. */
const PARTS = [BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer];

/** An empty chart. The parts are registered here, as a build may leave out what a module does when it is only read. */
export function init(place: HTMLElement): EChartsType {
  use(PARTS);
  return begin(place);
}
