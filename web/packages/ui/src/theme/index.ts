import "element-plus/theme-chalk/base.css";
import "./tokens.css";
import "./element.css";
import "./base.css";
