import "./tokens.css";
