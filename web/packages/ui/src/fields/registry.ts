import { shallowReactive, type Component } from "vue";

/** Parts for a kind of field, or for one field of a cell by `<entity key>.<field>`. */
export interface Widget {
  view?: Component;
  input?: Component;
}

const widgets = shallowReactive(new Map<string, Widget>());

/** Use other parts for a kind (`json`) or for one field (`erp.order.ship_to`); what is not given stays as it is. */
export function registerWidget(name: string, widget: Widget): void {
  widgets.set(name, { ...widgets.get(name), ...widget });
}

/** The registered parts; the field's own before those of its kind. */
export function widgetFor(kind: string, field: string, entity?: string): Widget | undefined {
  return (entity === undefined ? undefined : widgets.get(`${entity}.${field}`)) ?? widgets.get(kind);
}
