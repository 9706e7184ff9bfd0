/* Made by scripts/types.ts from the services' OpenAPI documents; changes are lost. */

export interface paths {
    "/api/v1/{cell}/_approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 审批箱 approval inbox */
        get: operations["kit_approvals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 批量同意 Approve several */
        post: operations["kit_approvals_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 审批数量 numbers */
        get: operations["kit_approval_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 预览审批人 who will be asked */
        get: operations["kit_approval_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 批量不同意 Reject several */
        post: operations["kit_approvals_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        /** 审批详情 an approval */
        get: operations["kit_approval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/add-sign": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 加签 Ask others too */
        post: operations["kit_approval_add_sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 同意 Approve */
        post: operations["kit_approval_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/cc": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 抄送 Send a copy */
        post: operations["kit_approval_cc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/comment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 评论 Comment */
        post: operations["kit_approval_comment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/delegate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 委派 Delegate */
        post: operations["kit_approval_delegate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/hand": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 管理员转交 Hand over */
        post: operations["kit_approval_hand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 收回 Recall */
        post: operations["kit_approval_recall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 不同意 Reject */
        post: operations["kit_approval_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/resubmit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重新提交 Submit again */
        post: operations["kit_approval_resubmit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/return": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 退回 Return */
        post: operations["kit_approval_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 标记已阅 Mark as read */
        post: operations["kit_approval_seen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 转交 Transfer */
        post: operations["kit_approval_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/urge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 催办 Urge */
        post: operations["kit_approval_urge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_approvals/{instance}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 撤回 Withdraw */
        post: operations["kit_approval_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 审计日志 audit trail */
        get: operations["kit_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit/archives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 审计归档 audit archives */
        get: operations["kit_audit_archives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 导出审计链 the trail as a file */
        get: operations["kit_export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit/heads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 签名链头 signed heads */
        get: operations["kit_audit_heads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 审计签名公钥 key that signs the trail */
        get: operations["kit_audit_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 校验审计链 verify the audit chain */
        get: operations["kit_verify_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_dictionaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 数据字典 dictionaries */
        get: operations["kit_dictionaries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_dictionaries/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        /** 字典项 entries of a dictionary */
        get: operations["kit_dictionary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 文件信息 what is known of files */
        get: operations["kit_files"];
        put?: never;
        /** 上传文件 upload a file */
        post: operations["kit_upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_files/_usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 文件用量 storage used */
        get: operations["kit_file_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 下载文件 download a file */
        get: operations["kit_read_file"];
        put?: never;
        post?: never;
        /** 删除文件 delete a file */
        delete: operations["kit_delete_file"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_files/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 文件预览 preview of a file */
        get: operations["kit_preview_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 导入记录 imports */
        get: operations["kit_imports"];
        put?: never;
        /** 上传导入文件 upload a file to import */
        post: operations["kit_upload_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 导入详情 one import */
        get: operations["kit_import"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** 设置导入 choose how to import */
        patch: operations["kit_change_import"];
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 取消导入 cancel an import */
        post: operations["kit_cancel_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 预检 check an import */
        post: operations["kit_check_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 执行导入 run an import */
        post: operations["kit_commit_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 导入错误 an import's errors */
        get: operations["kit_import_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 带错误标注的文件 the file with its errors */
        get: operations["kit_import_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_imports/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 撤销导入 undo an import */
        post: operations["kit_undo_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 已接收事件 events handled */
        get: operations["kit_inbox_events"];
        put?: never;
        /** 接收事件 take an event */
        post: operations["kit_inbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 任务 jobs */
        get: operations["kit_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 定时任务 schedules */
        get: operations["kit_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** 修改定时任务 change a schedule */
        patch: operations["kit_change_schedule"];
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 立即执行 run a schedule now */
        post: operations["kit_run_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 任务详情 one job */
        get: operations["kit_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 取消任务 cancel a job */
        post: operations["kit_cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重试任务 run a job again */
        post: operations["kit_retry_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_mcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 智能体工具（MCP） agent tools (MCP) */
        post: operations["kit_mcp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 我的通知 my notices */
        get: operations["kit_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 发送记录 deliveries */
        get: operations["kit_notification_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/deliveries/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 放弃发送 give up */
        post: operations["kit_discard_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重新发送 send again */
        post: operations["kit_replay_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 通知偏好 preferences */
        get: operations["kit_notification_preferences"];
        /** 修改通知偏好 change preferences */
        put: operations["kit_prefer_notifications"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 标为已读 mark read */
        post: operations["kit_read_notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/unread-count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 未读通知数 unread notices */
        get: operations["kit_unread_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 一条通知 one notice */
        get: operations["kit_notification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 归档 archive */
        post: operations["kit_archive_notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 确认必读通知 confirm */
        post: operations["kit_confirm_notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 标为已读 mark read */
        post: operations["kit_read_notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_notifications/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 移回收件箱 back to the inbox */
        post: operations["kit_restore_notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 待发事件数 events that wait */
        get: operations["kit_outbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 死信 dead letters */
        get: operations["kit_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/dead-letters/{event_id}/{subscriber}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                subscriber: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 放弃死信 give up */
        post: operations["kit_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/dead-letters/{event_id}/{subscriber}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                subscriber: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重发死信 send again */
        post: operations["kit_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 投递 deliveries */
        get: operations["kit_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 事件 events */
        get: operations["kit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        /** 事件与投递 an event with its deliveries */
        get: operations["kit_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_outbox/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 按范围重放 send a range again */
        post: operations["kit_replays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_permissions/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 权限解释 why may he */
        get: operations["kit_explain_permission"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_permissions/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 权限矩阵 what can be given */
        get: operations["kit_permission_matrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_prints/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 打印记录 log of prints */
        get: operations["kit_print_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_prints/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 预览打印模板 preview a print template */
        post: operations["kit_preview_print_template"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_prints/{plural}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plural: string;
            };
            cookie?: never;
        };
        /** 可用的打印 what can be printed */
        get: operations["kit_prints"];
        put?: never;
        /** 打印 print */
        post: operations["kit_print"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_prints/{plural}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plural: string;
                id: string;
            };
            cookie?: never;
        };
        /** 打印预览 print preview */
        get: operations["kit_preview_print"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_privacy/copies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 个人信息副本 copy of a person's data */
        post: operations["kit_privacy_copies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_privacy/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 加密密钥 encryption keys */
        get: operations["kit_privacy_keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_privacy/keys/destroy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 销毁密钥 destroy keys */
        post: operations["kit_privacy_destroy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_privacy/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 轮换密钥 rotate keys */
        post: operations["kit_privacy_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_privacy/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 查找当事人 find a person */
        post: operations["kit_privacy_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 报表 reports */
        get: operations["kit_reports"];
        put?: never;
        /** 新建报表 make a report */
        post: operations["kit_create_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 收到的报表 reports delivered to me */
        get: operations["kit_report_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 下载收到的报表 a delivered report */
        get: operations["kit_report_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 试运行报表 run a definition */
        post: operations["kit_try_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 报表定义 a report's definition */
        get: operations["kit_report"];
        put?: never;
        post?: never;
        /** 删除报表 delete a report */
        delete: operations["kit_delete_report"];
        options?: never;
        head?: never;
        /** 修改报表 change a report */
        patch: operations["kit_change_report"];
        trace?: never;
    };
    "/api/v1/{cell}/_reports/{id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 复制报表 copy a report */
        post: operations["kit_copy_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_reports/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 运行报表 run a report */
        get: operations["kit_run_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 视图 views */
        get: operations["kit_views"];
        put?: never;
        /** 新建视图 keep a view */
        post: operations["kit_create_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_views/reset-default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 恢复默认视图 forget my default */
        post: operations["kit_reset_default_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 删除视图 delete a view */
        delete: operations["kit_delete_view"];
        options?: never;
        head?: never;
        /** 修改视图 change a view */
        patch: operations["kit_change_view"];
        trace?: never;
    };
    "/api/v1/{cell}/_views/{id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 复制视图 copy a view */
        post: operations["kit_copy_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/_views/{id}/make-default": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 设为默认视图 start with a view */
        post: operations["kit_default_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/exports/{plural}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 单据导出 Document export */
        get: operations["export_anything_thing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/imports/{plural}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 单据导入 Document import */
        post: operations["import_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/imports/{plural}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 单据导入模板 Document import template */
        get: operations["import_template_anything_thing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 单据 Document */
        get: operations["list_anything_thing"];
        put?: never;
        /** 单据 Document */
        post: operations["create_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/_groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 单据 Document */
        get: operations["kit_groups_anything_thing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 单据 Document */
        get: operations["read_anything_thing"];
        put?: never;
        post?: never;
        /** 单据 Document */
        delete: operations["delete_anything_thing"];
        options?: never;
        head?: never;
        /** 单据 Document */
        patch: operations["change_anything_thing"];
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/_comments": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 评论 comments */
        get: operations["kit_comments_anything_thing"];
        put?: never;
        /** 发表评论 comment */
        post: operations["kit_comment_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/_comments/{comment}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                comment: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 删除评论 delete */
        delete: operations["kit_delete_comment_anything_thing"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/_files": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 单据的文件 files of Document */
        get: operations["kit_files_of_anything_thing"];
        put?: never;
        /** 单据的文件 files of Document */
        post: operations["kit_attach_to_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/_history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** 修改记录 history */
        get: operations["kit_history_anything_thing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 批准 Approve */
        post: operations["approve_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 驳回 Reject */
        post: operations["reject_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 提交 Submit */
        post: operations["submit_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{cell}/{plural}/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 撤回 Withdraw */
        post: operations["withdraw_anything_thing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Thing: {
            created_at?: string | null;
            created_by?: string | null;
            department_id?: string | null;
            extension?: Record<string, never> | null;
            id: string | null;
            /** @description 名称 Name */
            name?: string | null;
            number?: string | null;
            owner_id?: string | null;
            source?: string | null;
            state?: string | null;
            updated_at?: string | null;
            updated_by?: string | null;
            version?: number;
        } & {
            [key: string]: unknown;
        };
        ThingChange: {
            extension?: Record<string, never> | null;
            /** @description 名称 Name */
            name?: string;
            version: number;
        } & {
            [key: string]: unknown;
        };
        ThingCreate: {
            extension?: Record<string, never> | null;
            /** @description 名称 Name */
            name: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    kit_approvals: {
        parameters: {
            query?: {
                box?: "todo" | "done" | "started" | "cc" | "document";
                entity?: string;
                document_id?: string;
                status?: "running" | "approved" | "rejected" | "withdrawn" | "cancelled";
                sort?: "due_at" | "-started_at";
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_approvals_approve: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    ids: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: number;
                        items: Record<string, never>[];
                        refused: number;
                    };
                };
            };
        };
    };
    kit_approval_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cc_unseen: number;
                        overdue: number;
                        started_running: number;
                        todo: number;
                    };
                };
            };
        };
    };
    kit_approval_preview: {
        parameters: {
            query?: {
                entity?: string;
                id?: string;
                approvers?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        needed: boolean;
                        steps: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_approvals_reject: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment: string | null;
                    ids: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: number;
                        items: Record<string, never>[];
                        refused: number;
                    };
                };
            };
        };
    };
    kit_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actions: Record<string, never>[];
                        document?: Record<string, never> | null;
                        document_id: string;
                        ended_at?: string | null;
                        entity: string;
                        id: string;
                        log: Record<string, never>[];
                        starter_id: string;
                        status: string;
                        steps: Record<string, never>[];
                        title: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_add_sign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    task?: number | null;
                    users: string[];
                    version?: number | null;
                    /** @enum {string} */
                    where: "before" | "after" | "parallel";
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_approve: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    changes?: Record<string, never> | null;
                    comment?: string | null;
                    task?: number | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_cc: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    users: string[];
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_comment: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_delegate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    task?: number | null;
                    /** Format: uuid */
                    user: string;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_hand: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    task: number | null;
                    /** Format: uuid */
                    user: string;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_recall: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_reject: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment: string | null;
                    task?: number | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_resubmit: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    approvers?: Record<string, never> | null;
                    comment?: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_return: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    back?: "here" | "through";
                    comment: string | null;
                    task?: number | null;
                    to?: string;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_seen: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string | null;
                    task?: number | null;
                    /** Format: uuid */
                    user: string;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_urge: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_approval_withdraw: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string | null;
                    version?: number | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document_id: string;
                        entity: string;
                        id: string;
                        status: string;
                        version: number;
                    };
                };
            };
        };
    };
    kit_audit: {
        parameters: {
            query?: {
                entity?: string;
                entity_id?: string;
                user_id?: string;
                action?: string;
                request_id?: string;
                channel?: string;
                address?: string;
                from?: string;
                to?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_audit_archives: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            chain_hash: string;
                            file: string;
                            first_sequence: number;
                            last_sequence: number;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_export_audit: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    kit_audit_heads: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            day: string;
                            head: string;
                            sequence: number;
                            signature: string;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_audit_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        algorithm: string;
                        fingerprint: string;
                        publicKey: string;
                    };
                };
            };
        };
    };
    kit_verify_audit: {
        parameters: {
            query?: {
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archivedThrough: number;
                        checked: number;
                        complete: boolean;
                        holds: boolean;
                    };
                };
            };
        };
    };
    kit_dictionaries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            changed: boolean;
                            code: string;
                            count: number;
                            label: string;
                            shipped: boolean;
                        }[];
                    };
                };
            };
        };
    };
    kit_dictionary: {
        parameters: {
            query?: {
                /** @description 上级编码 / code above */
                parent?: string;
                /** @description 仅可选项 / only what may be chosen */
                open?: "true" | "false";
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: boolean;
                        code: string;
                        count: number;
                        items: {
                            active: boolean;
                            code: string;
                            colour: string | null;
                            label: string;
                            labels: {
                                en: string;
                                zh: string;
                            };
                            open: boolean;
                            parent: string | null;
                            position: number;
                            shipped: boolean;
                            valid_from: string | null;
                            valid_to: string | null;
                        }[];
                        label: string;
                        shipped: boolean;
                    };
                };
            };
        };
    };
    kit_files: {
        parameters: {
            query?: {
                /** @description id,id,… */
                ids?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            created_at?: string;
                            created_by?: string;
                            entity?: string | null;
                            entity_id?: string | null;
                            field?: string | null;
                            /** Format: uuid */
                            id: string;
                            media_type: string;
                            name: string;
                            scan: string;
                            sha256: string;
                            size: number;
                            state: string;
                            version?: number;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_upload_file: {
        parameters: {
            query?: {
                /** @description 文件名 / file name */
                name?: string;
                /** @description erp.order.photos */
                field?: string;
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        media_type: string;
                        name: string;
                        scan: string;
                        sha256: string;
                        size: number;
                        state: string;
                    };
                };
            };
        };
    };
    kit_file_usage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bytes: number;
                        quotaBytes: number | null;
                    };
                };
            };
        };
    };
    kit_read_file: {
        parameters: {
            query?: {
                download?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description 一段 / a range */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    kit_delete_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_preview_file: {
        parameters: {
            query?: {
                size?: "small" | "medium" | "large";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
        };
    };
    kit_imports: {
        parameters: {
            query?: {
                document?: string;
                state?: "uploaded" | "checked" | "committing" | "committed" | "undone";
                mine?: "true" | "false";
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            committed_at?: string | null;
                            committed_by?: string | null;
                            created: number;
                            created_at: string;
                            created_by: string;
                            document: string;
                            document_label: string;
                            documents: number;
                            error_count: number;
                            /** @enum {string} */
                            existing: "create" | "update" | "both";
                            failed: number;
                            file_name: string;
                            has_file: boolean;
                            id: string;
                            job: Record<string, never> | null;
                            kept: number;
                            /** @enum {string} */
                            mode: "all" | "batch";
                            rows: number;
                            size: number;
                            /** @enum {string} */
                            state: "uploaded" | "checked" | "committing" | "committed" | "undone";
                            state_label: string;
                            unchanged: number;
                            undone: number;
                            undone_at?: string | null;
                            undone_by?: string | null;
                            updated: number;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_upload_import: {
        parameters: {
            query: {
                /** @description crm.customer */
                document: string;
                name?: string;
                encoding?: "auto" | "utf-8" | "utf-8-sig" | "gb18030" | "gbk";
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        columns: Record<string, never>[];
                        committed_at?: string | null;
                        committed_by?: string | null;
                        created: number;
                        created_at: string;
                        created_by: string;
                        document: string;
                        document_label: string;
                        documents: number;
                        error_count: number;
                        /** @enum {string} */
                        existing: "create" | "update" | "both";
                        failed: number;
                        fields: Record<string, never>[];
                        file_name: string;
                        has_file: boolean;
                        id: string;
                        job: Record<string, never> | null;
                        kept: number;
                        /** @enum {string} */
                        mode: "all" | "batch";
                        problems: Record<string, never>[];
                        rows: number;
                        size: number;
                        /** @enum {string} */
                        state: "uploaded" | "checked" | "committing" | "committed" | "undone";
                        state_label: string;
                        unchanged: number;
                        undone: number;
                        undone_at?: string | null;
                        undone_by?: string | null;
                        updated: number;
                    };
                };
            };
        };
    };
    kit_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        columns: Record<string, never>[];
                        committed_at?: string | null;
                        committed_by?: string | null;
                        created: number;
                        created_at: string;
                        created_by: string;
                        document: string;
                        document_label: string;
                        documents: number;
                        error_count: number;
                        /** @enum {string} */
                        existing: "create" | "update" | "both";
                        failed: number;
                        fields: Record<string, never>[];
                        file_name: string;
                        has_file: boolean;
                        id: string;
                        job: Record<string, never> | null;
                        kept: number;
                        /** @enum {string} */
                        mode: "all" | "batch";
                        problems: Record<string, never>[];
                        rows: number;
                        size: number;
                        /** @enum {string} */
                        state: "uploaded" | "checked" | "committing" | "committed" | "undone";
                        state_label: string;
                        unchanged: number;
                        undone: number;
                        undone_at?: string | null;
                        undone_by?: string | null;
                        updated: number;
                    };
                };
            };
        };
    };
    kit_change_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    existing?: "create" | "update" | "both";
                    mapping?: {
                        [key: string]: string | null;
                    };
                    /** @enum {string} */
                    mode?: "all" | "batch";
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        columns: Record<string, never>[];
                        committed_at?: string | null;
                        committed_by?: string | null;
                        created: number;
                        created_at: string;
                        created_by: string;
                        document: string;
                        document_label: string;
                        documents: number;
                        error_count: number;
                        /** @enum {string} */
                        existing: "create" | "update" | "both";
                        failed: number;
                        fields: Record<string, never>[];
                        file_name: string;
                        has_file: boolean;
                        id: string;
                        job: Record<string, never> | null;
                        kept: number;
                        /** @enum {string} */
                        mode: "all" | "batch";
                        problems: Record<string, never>[];
                        rows: number;
                        size: number;
                        /** @enum {string} */
                        state: "uploaded" | "checked" | "committing" | "committed" | "undone";
                        state_label: string;
                        unchanged: number;
                        undone: number;
                        undone_at?: string | null;
                        undone_by?: string | null;
                        updated: number;
                    };
                };
            };
        };
    };
    kit_cancel_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        columns: Record<string, never>[];
                        committed_at?: string | null;
                        committed_by?: string | null;
                        created: number;
                        created_at: string;
                        created_by: string;
                        document: string;
                        document_label: string;
                        documents: number;
                        error_count: number;
                        /** @enum {string} */
                        existing: "create" | "update" | "both";
                        failed: number;
                        fields: Record<string, never>[];
                        file_name: string;
                        has_file: boolean;
                        id: string;
                        job: Record<string, never> | null;
                        kept: number;
                        /** @enum {string} */
                        mode: "all" | "batch";
                        problems: Record<string, never>[];
                        rows: number;
                        size: number;
                        /** @enum {string} */
                        state: "uploaded" | "checked" | "committing" | "committed" | "undone";
                        state_label: string;
                        unchanged: number;
                        undone: number;
                        undone_at?: string | null;
                        undone_by?: string | null;
                        updated: number;
                    };
                };
            };
        };
    };
    kit_check_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        job_id: string;
                    };
                };
            };
        };
    };
    kit_commit_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        job_id: string;
                    };
                };
            };
        };
    };
    kit_import_errors: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            column: string;
                            field: string;
                            message: string;
                            row: number;
                            rule: string;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_import_file: {
        parameters: {
            query?: {
                only?: "all" | "errors";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
        };
    };
    kit_undo_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        job_id: string;
                    };
                };
            };
        };
    };
    kit_inbox_events: {
        parameters: {
            query?: {
                source?: string;
                type?: string;
                subject?: string;
                event_id?: string;
                duplicates?: string;
                from?: string;
                to?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            duplicates: number;
                            event_id: string;
                            handled_at: string;
                            source: string;
                            type: string;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_inbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    actor?: string;
                    data: Record<string, never>;
                    id: string;
                    partitionkey?: string;
                    source: string;
                    /** @constant */
                    specversion: "1.0";
                    subject: string;
                    tenantid: string;
                    /** Format: date-time */
                    time: string;
                    type: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
        };
    };
    kit_jobs: {
        parameters: {
            query?: {
                state?: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
                name?: string;
                /** @description 只看自己发起的，无需权限 / one's own */
                mine?: "true" | "false";
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asked_by: string;
                            attempts: number;
                            cancel_asked_at?: string | null;
                            cancel_asked_by?: string | null;
                            created_at: string;
                            error?: {
                                code?: string;
                                message?: string;
                            } | null;
                            failures: number;
                            finished_at?: string | null;
                            id: string;
                            label: string;
                            name: string;
                            progress: {
                                done: number | null;
                                note: string | null;
                                total: number | null;
                            };
                            result?: Record<string, never> | null;
                            run_at: string;
                            schedule?: boolean;
                            started_at?: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
                            state_label: string;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_schedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            changed: boolean;
                            cron: string;
                            enabled: boolean;
                            label: string;
                            last_at?: string | null;
                            last_job_id?: string | null;
                            name: string;
                            next_at?: string | null;
                            time_zone: string;
                            updated_at?: string | null;
                            updated_by?: string | null;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_change_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    cron?: string | null;
                    enabled?: boolean;
                    time_zone?: string | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: boolean;
                        cron: string;
                        enabled: boolean;
                        label: string;
                        last_at?: string | null;
                        last_job_id?: string | null;
                        name: string;
                        next_at?: string | null;
                        time_zone: string;
                        updated_at?: string | null;
                        updated_by?: string | null;
                    };
                };
            };
        };
    };
    kit_run_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        job_id: string;
                    };
                };
            };
        };
    };
    kit_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asked_by: string;
                        attempts: number;
                        cancel_asked_at?: string | null;
                        cancel_asked_by?: string | null;
                        created_at: string;
                        error?: {
                            code?: string;
                            message?: string;
                        } | null;
                        failures: number;
                        finished_at?: string | null;
                        id: string;
                        label: string;
                        name: string;
                        progress: {
                            done: number | null;
                            note: string | null;
                            total: number | null;
                        };
                        result?: Record<string, never> | null;
                        run_at: string;
                        schedule?: boolean;
                        started_at?: string | null;
                        /** @enum {string} */
                        state: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
                        state_label: string;
                    };
                };
            };
        };
    };
    kit_cancel_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asked_by: string;
                        attempts: number;
                        cancel_asked_at?: string | null;
                        cancel_asked_by?: string | null;
                        created_at: string;
                        error?: {
                            code?: string;
                            message?: string;
                        } | null;
                        failures: number;
                        finished_at?: string | null;
                        id: string;
                        label: string;
                        name: string;
                        progress: {
                            done: number | null;
                            note: string | null;
                            total: number | null;
                        };
                        result?: Record<string, never> | null;
                        run_at: string;
                        schedule?: boolean;
                        started_at?: string | null;
                        /** @enum {string} */
                        state: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
                        state_label: string;
                    };
                };
            };
        };
    };
    kit_retry_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asked_by: string;
                        attempts: number;
                        cancel_asked_at?: string | null;
                        cancel_asked_by?: string | null;
                        created_at: string;
                        error?: {
                            code?: string;
                            message?: string;
                        } | null;
                        failures: number;
                        finished_at?: string | null;
                        id: string;
                        label: string;
                        name: string;
                        progress: {
                            done: number | null;
                            note: string | null;
                            total: number | null;
                        };
                        result?: Record<string, never> | null;
                        run_at: string;
                        schedule?: boolean;
                        started_at?: string | null;
                        /** @enum {string} */
                        state: "waiting" | "running" | "succeeded" | "failed" | "cancelled";
                        state_label: string;
                    };
                };
            };
        };
    };
    kit_mcp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string | number;
                    /** @constant */
                    jsonrpc: "2.0";
                    method: string;
                    params?: Record<string, never>;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description notification */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_notifications: {
        parameters: {
            query?: {
                state?: "inbox" | "unread" | "must-read" | "archived" | "all";
                kind?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            archived_at?: string | null;
                            confirmed_at?: string | null;
                            created_at?: string | null;
                            entity?: string | null;
                            entity_id?: string | null;
                            id: string;
                            kind: string;
                            link: string | null;
                            must_read: boolean;
                            read_at?: string | null;
                            restricted: boolean;
                            text: string | null;
                            title: string;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_notification_deliveries: {
        parameters: {
            query?: {
                state?: "pending" | "sending" | "sent" | "dead" | "discarded";
                channel_id?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            attempts: number;
                            channel_id?: string | null;
                            id: string;
                            kind?: string | null;
                            last_error?: string | null;
                            next_at?: string | null;
                            state: string;
                            user_id?: string | null;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_discard_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        state: string;
                    };
                };
            };
        };
    };
    kit_replay_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        state: string;
                    };
                };
            };
        };
    };
    kit_notification_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels?: Record<string, never>;
                        /** @enum {unknown} */
                        digest?: "immediate" | "hourly" | "daily";
                        digest_at?: string;
                        email?: string | null;
                        kinds?: Record<string, never>;
                        quiet?: Record<string, never> | null;
                    };
                };
            };
        };
    };
    kit_prefer_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    channels?: Record<string, never>;
                    /** @enum {unknown} */
                    digest?: "immediate" | "hourly" | "daily";
                    digest_at?: string;
                    email?: string | null;
                    kinds?: Record<string, never>;
                    quiet?: Record<string, never> | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels?: Record<string, never>;
                        /** @enum {unknown} */
                        digest?: "immediate" | "hourly" | "daily";
                        digest_at?: string;
                        email?: string | null;
                        kinds?: Record<string, never>;
                        quiet?: Record<string, never> | null;
                    };
                };
            };
        };
    };
    kit_read_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    all?: true;
                    ids?: string[];
                    kind?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        read: number;
                    };
                };
            };
        };
    };
    kit_unread_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        capped: boolean;
                        must_read: number;
                        unread: number;
                    };
                };
            };
        };
    };
    kit_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_at?: string | null;
                        confirmed_at?: string | null;
                        created_at?: string | null;
                        entity?: string | null;
                        entity_id?: string | null;
                        id: string;
                        kind: string;
                        link: string | null;
                        must_read: boolean;
                        read_at?: string | null;
                        restricted: boolean;
                        text: string | null;
                        title: string;
                    };
                };
            };
        };
    };
    kit_archive_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_at?: string | null;
                        confirmed_at?: string | null;
                        created_at?: string | null;
                        entity?: string | null;
                        entity_id?: string | null;
                        id: string;
                        kind: string;
                        link: string | null;
                        must_read: boolean;
                        read_at?: string | null;
                        restricted: boolean;
                        text: string | null;
                        title: string;
                    };
                };
            };
        };
    };
    kit_confirm_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_at?: string | null;
                        confirmed_at?: string | null;
                        created_at?: string | null;
                        entity?: string | null;
                        entity_id?: string | null;
                        id: string;
                        kind: string;
                        link: string | null;
                        must_read: boolean;
                        read_at?: string | null;
                        restricted: boolean;
                        text: string | null;
                        title: string;
                    };
                };
            };
        };
    };
    kit_read_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_at?: string | null;
                        confirmed_at?: string | null;
                        created_at?: string | null;
                        entity?: string | null;
                        entity_id?: string | null;
                        id: string;
                        kind: string;
                        link: string | null;
                        must_read: boolean;
                        read_at?: string | null;
                        restricted: boolean;
                        text: string | null;
                        title: string;
                    };
                };
            };
        };
    };
    kit_restore_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        archived_at?: string | null;
                        confirmed_at?: string | null;
                        created_at?: string | null;
                        entity?: string | null;
                        entity_id?: string | null;
                        id: string;
                        kind: string;
                        link: string | null;
                        must_read: boolean;
                        read_at?: string | null;
                        restricted: boolean;
                        text: string | null;
                        title: string;
                    };
                };
            };
        };
    };
    kit_outbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        dead: number;
                        pending: number;
                        retrying: number;
                        subscribers?: Record<string, never>[];
                        unrouted: number;
                    };
                };
            };
        };
    };
    kit_dead_letters: {
        parameters: {
            query?: {
                subscriber?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event_id: string;
                        state: string;
                        subscriber: string;
                    };
                };
            };
        };
    };
    kit_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
                subscriber: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event_id: string;
                        state: string;
                        subscriber: string;
                    };
                };
            };
        };
    };
    kit_deliveries: {
        parameters: {
            query?: {
                event_id?: string;
                subscriber?: string;
                state?: string;
                type?: string;
                subject?: string;
                from?: string;
                to?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_events: {
        parameters: {
            query?: {
                type?: string;
                subject?: string;
                from?: string;
                to?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: Record<string, never>[];
                        event: Record<string, never>;
                    };
                };
            };
        };
    };
    kit_replays: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    from: string;
                    reason: string;
                    states?: string[];
                    subscriber: string;
                    /** Format: date-time */
                    to: string;
                    types?: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: number;
                        subscriber: string;
                    };
                };
            };
        };
    };
    kit_explain_permission: {
        parameters: {
            query: {
                entity: string;
                user_id?: string;
                id?: string;
                action?: string;
                field?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        allowed: boolean;
                        checks: {
                            check: string;
                            details: Record<string, never>;
                            passed: boolean;
                            reason: string;
                        }[];
                        field?: Record<string, never>;
                        outcome: string;
                        status: number;
                    };
                };
            };
        };
    };
    kit_permission_matrix: {
        parameters: {
            query?: {
                entity?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entities: Record<string, never>[];
                        reports: Record<string, never>[];
                        rules: Record<string, never>[];
                        scopes: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_print_log: {
        parameters: {
            query?: {
                entity?: string;
                entity_id?: string;
                user_id?: string;
                print?: string;
                limit?: string;
                cursor?: string;
                total?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_preview_print_template: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code?: string;
                    entity: string;
                    /** @enum {string} */
                    format?: "pdf" | "png" | "zpl";
                    /** Format: uuid */
                    id?: string;
                    layout?: Record<string, never>;
                    /** Format: uuid */
                    logo?: string;
                    /** @enum {string} */
                    mode?: "layout" | "typst";
                    page?: number;
                    paper?: string;
                    print?: string;
                    program?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "application/x-zpl": string;
                    "image/png": string;
                };
            };
        };
    };
    kit_prints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plural: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_print: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                plural: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code?: string;
                    copies?: number;
                    /** @enum {integer} */
                    dpi?: 203 | 300 | 600;
                    filter?: Record<string, never>;
                    /** @enum {string} */
                    format?: "pdf" | "zpl";
                    ids?: string[];
                    print?: string;
                    q?: string;
                    sort?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        documents: number;
                        file?: Record<string, never>;
                        /** Format: uuid */
                        job?: string;
                        reprints?: string[];
                    };
                };
            };
            /** @description 由作业打印 / printed by a job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        documents: number;
                        file?: Record<string, never>;
                        /** Format: uuid */
                        job?: string;
                        reprints?: string[];
                    };
                };
            };
        };
    };
    kit_preview_print: {
        parameters: {
            query?: {
                print?: string;
                code?: string;
                page?: string;
                format?: "pdf" | "png" | "zpl";
            };
            header?: never;
            path: {
                plural: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "application/x-zpl": string;
                    "image/png": string;
                };
            };
        };
    };
    kit_privacy_copies: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    documents: {
                        entity: string;
                        /** Format: uuid */
                        id: string;
                    }[];
                    reason: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cell: string;
                        documents: Record<string, never>[];
                        madeAt: string;
                    };
                };
            };
        };
    };
    kit_privacy_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        stale: number;
                    };
                };
            };
        };
    };
    kit_privacy_destroy: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    confirm: string;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        destroyed: boolean;
                    };
                };
            };
        };
    };
    kit_privacy_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    fresh?: boolean;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description OK */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobId: string;
                    };
                };
            };
        };
    };
    kit_privacy_search: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    bank?: string;
                    email?: string;
                    id_card?: string;
                    mobile?: string;
                    name?: string;
                    plate?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        complete: boolean;
                        items: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_reports: {
        parameters: {
            query?: {
                entity?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_create_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    definition: {
                        /** @enum {string} */
                        chart?: "table" | "bar" | "line" | "pie" | "area" | "stacked";
                        columns?: (string | Record<string, never>)[];
                        compare?: Record<string, never> | null;
                        entity?: string;
                        filter?: Record<string, never>;
                        having?: string | Record<string, never> | null;
                        lines?: string | null;
                        /** @description sum avg min max count count_distinct, expressions */
                        measures?: (string | Record<string, never>)[];
                        /** @description text number date flag id period */
                        parameters?: Record<string, never>[];
                        /** @description field, day week month quarter year(field) */
                        rows?: (string | Record<string, never>)[];
                        sort?: (string | Record<string, never>)[];
                        top?: Record<string, never> | null;
                        where?: string | Record<string, never> | null;
                    };
                    description?: string | null;
                    entity: string;
                    name: string;
                    roles?: string[] | null;
                    /** @enum {string} */
                    sharing?: "private" | "roles" | "all";
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_report_deliveries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_report_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    kit_try_report: {
        parameters: {
            query?: {
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    definition: {
                        /** @enum {string} */
                        chart?: "table" | "bar" | "line" | "pie" | "area" | "stacked";
                        columns?: (string | Record<string, never>)[];
                        compare?: Record<string, never> | null;
                        entity?: string;
                        filter?: Record<string, never>;
                        having?: string | Record<string, never> | null;
                        lines?: string | null;
                        /** @description sum avg min max count count_distinct, expressions */
                        measures?: (string | Record<string, never>)[];
                        /** @description text number date flag id period */
                        parameters?: Record<string, never>[];
                        /** @description field, day week month quarter year(field) */
                        rows?: (string | Record<string, never>)[];
                        sort?: (string | Record<string, never>)[];
                        top?: Record<string, never> | null;
                        where?: string | Record<string, never> | null;
                    };
                    parameters?: Record<string, never>;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        chart: string;
                        columns: Record<string, never>[];
                        entity: string;
                        items: Record<string, never>[];
                        measures: Record<string, never>[];
                        rows: Record<string, never>[];
                        totals: Record<string, never>[];
                        truncated: boolean;
                    };
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    kit_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_delete_report: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_change_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    definition?: {
                        /** @enum {string} */
                        chart?: "table" | "bar" | "line" | "pie" | "area" | "stacked";
                        columns?: (string | Record<string, never>)[];
                        compare?: Record<string, never> | null;
                        entity?: string;
                        filter?: Record<string, never>;
                        having?: string | Record<string, never> | null;
                        lines?: string | null;
                        /** @description sum avg min max count count_distinct, expressions */
                        measures?: (string | Record<string, never>)[];
                        /** @description text number date flag id period */
                        parameters?: Record<string, never>[];
                        /** @description field, day week month quarter year(field) */
                        rows?: (string | Record<string, never>)[];
                        sort?: (string | Record<string, never>)[];
                        top?: Record<string, never> | null;
                        where?: string | Record<string, never> | null;
                    };
                    description?: string | null;
                    entity?: string;
                    name?: string;
                    roles?: string[] | null;
                    /** @enum {string} */
                    sharing?: "private" | "roles" | "all";
                    version: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_copy_report: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_run_report: {
        parameters: {
            query?: {
                format?: "json" | "csv" | "xlsx";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        chart: string;
                        columns: Record<string, never>[];
                        entity: string;
                        items: Record<string, never>[];
                        measures: Record<string, never>[];
                        rows: Record<string, never>[];
                        totals: Record<string, never>[];
                        truncated: boolean;
                    };
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    kit_views: {
        parameters: {
            query: {
                entity: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        default: string | null;
                        entity: string;
                        items: Record<string, never>[];
                    };
                };
            };
        };
    };
    kit_create_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    entity: string;
                    /** @enum {string} */
                    kind?: "list" | "kanban" | "calendar" | "gantt" | "pivot" | "tree" | "scan";
                    name: string;
                    role_default?: boolean;
                    roles?: string[] | null;
                    settings: Record<string, never>;
                    /** @enum {string} */
                    sharing?: "private" | "roles" | "all";
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_reset_default_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    entity: string;
                };
            };
        };
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_delete_view: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_change_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    entity?: string;
                    /** @enum {string} */
                    kind?: "list" | "kanban" | "calendar" | "gantt" | "pivot" | "tree" | "scan";
                    name?: string;
                    role_default?: boolean;
                    roles?: string[] | null;
                    settings?: Record<string, never>;
                    /** @enum {string} */
                    sharing?: "private" | "roles" | "all";
                    version: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_copy_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_default_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    export_anything_thing: {
        parameters: {
            query?: {
                format?: "csv" | "xlsx";
                q?: string;
                filter?: string;
                sort?: string;
                /** @description code,name,lines.quantity */
                columns?: string;
                lines?: "true" | "false";
                /** @description 查看明文的原因 / why in clear */
                reveal?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    import_anything_thing: {
        parameters: {
            query?: {
                mode?: "dry_run" | "all" | "batch";
                /** @description {"file column": "field" | null} */
                mapping?: string;
                encoding?: "auto" | "utf-8" | "utf-8-sig" | "gb18030" | "gbk";
            };
            header?: {
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        batchId: string;
                        created: number;
                        documents: number;
                        errorCount: number;
                        errors: {
                            column: string;
                            field: string;
                            message: string;
                            row: number;
                            rule: string;
                        }[];
                        failed: number;
                        ignoredColumns: string[];
                        mode: string;
                        rows: number;
                    };
                };
            };
        };
    };
    import_template_anything_thing: {
        parameters: {
            query?: {
                format?: "csv" | "xlsx";
                example?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    list_anything_thing: {
        parameters: {
            query?: {
                /** @description 文本检索 / text search */
                q?: string;
                /** @description {"field": value | [values] | {"gte": value}} */
                filter?: string;
                /** @description -created_at,number */
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Thing"][];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    create_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ThingCreate"];
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    kit_groups_anything_thing: {
        parameters: {
            query?: {
                /** @description state,month(order_date) */
                by?: string;
                /** @description amount,quantity */
                sum?: string;
                filter?: string;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        by: Record<string, never>[];
                        items: Record<string, never>[];
                        total: Record<string, never>;
                        truncated: boolean;
                    };
                };
            };
        };
    };
    read_anything_thing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    delete_anything_thing: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ThingChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    kit_comments_anything_thing: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_comment_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    kit_delete_comment_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
                comment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    kit_files_of_anything_thing: {
        parameters: {
            query?: {
                versions?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            created_at?: string;
                            created_by?: string;
                            entity?: string | null;
                            entity_id?: string | null;
                            field?: string | null;
                            /** Format: uuid */
                            id: string;
                            media_type: string;
                            name: string;
                            scan: string;
                            sha256: string;
                            size: number;
                            state: string;
                            version?: number;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_attach_to_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    files: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            created_at?: string;
                            created_by?: string;
                            entity?: string | null;
                            entity_id?: string | null;
                            field?: string | null;
                            /** Format: uuid */
                            id: string;
                            media_type: string;
                            name: string;
                            scan: string;
                            sha256: string;
                            size: number;
                            state: string;
                            version?: number;
                        }[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    kit_history_anything_thing: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: Record<string, never>[];
                        next: string | null;
                        total: number | null;
                    };
                };
            };
        };
    };
    approve_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description 意见 Comment */
                    comment?: string | null;
                    version?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    reject_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 原因 Reason */
                    reason: string;
                    version?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    submit_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description 自选审批人 Chosen approvers */
                    approvers?: unknown;
                    version?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
    withdraw_anything_thing: {
        parameters: {
            query?: never;
            header?: {
                /** @description 幂等键 / idempotency key */
                "X-Request-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    version?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thing"];
                };
            };
        };
    };
}
