export default { ready: "新版本已就绪，保存后请更新。", later: "稍后", now: "立即更新" };
