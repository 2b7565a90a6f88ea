"""Sheets that are no form of ours, as they lie beside forms in real workbooks: lists, budgets, timetables, texts."""

from __future__ import annotations

from random import Random

from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Grid, GridCell

TABLES = """
通讯录|姓名 部门 职务 办公电话 手机 备注
花名册|序号 姓名 性别 出生年月 学历 职称 参加工作时间 备注
课程表|节次 星期一 星期二 星期三 星期四 星期五
值班表|日期 带班领导 值班人员 联系电话 备注
工资表|序号 姓名 岗位工资 薪级工资 绩效工资 津贴补贴 应发合计 扣款 实发合计
考勤表|姓名 1 2 3 4 5 6 7 8 出勤天数 备注
固定资产台账|资产编号 资产名称 规格型号 数量 单价 金额 使用部门 购置日期
采购清单|序号 品名 规格 单位 数量 单价 金额 供应商
合同台账|合同编号 合同名称 签订日期 合同金额 已付金额 未付金额 经办人
发票登记|日期 发票号码 开票单位 金额 税额 价税合计
差旅费报销单|日期 起止地点 交通费 住宿费 伙食补助 合计
会议签到表|序号 单位 姓名 职务 联系电话 签名
库存表|物料编码 名称 期初数量 入库 出库 结存
学生名册|学号 姓名 性别 身份证号 家长姓名 联系电话
成绩单|学号 姓名 语文 数学 英语 总分 名次
日程安排|时间 内容 地点 参加人员 责任人
车辆使用登记|日期 车牌号 用车人 起点 终点 里程 油费
食堂菜单|星期 早餐 午餐 晚餐
体检名单|序号 姓名 年龄 科室 体检项目 结果
疫苗接种统计|单位名称 应接种人数 已接种人数 接种率
党费收缴表|姓名 月应缴 1月 2月 3月 合计
文件收发登记|收文日期 来文单位 文号 标题 承办人 办结日期
档案目录|顺序号 题名 责任者 日期 页数 备注
图书目录|书号 书名 作者 出版社 定价 册数
设备维修记录|日期 设备名称 故障 维修人 费用
资产负债表|资产 行次 年初数 期末数 负债及所有者权益 行次 年初数 期末数
收入支出表|项目 本月数 本年累计数 上年同期数
科目余额表|科目编码 科目名称 期初余额 借方发生额 贷方发生额 期末余额
预算执行进度表|单位名称 年初预算数 全年预算数 已执行数 执行进度 排名
三公经费预算表|单位 因公出国 公务接待费 公务用车购置 公务用车运行 合计
政府采购预算表|采购项目 采购目录 数量 预算金额 资金来源 采购方式
部门收支总表|收入项目 预算数 支出项目 预算数
一般公共预算支出表|科目编码 科目名称 合计 基本支出 项目支出
基本支出经济分类表|经济分类科目 合计 人员经费 公用经费
转移支付分配表|县区 因素一 因素二 测算数 下达数
债务明细表|债权人 债务余额 利率 到期日 本年还本 本年付息
项目库清单|项目编码 项目名称 项目类别 实施单位 总投资 本年安排 备注
重点项目进度|项目名称 责任单位 计划投资 完成投资 完成率 存在问题
绩效目标汇总表|单位名称 项目名称 绩效目标 预算金额 审核意见
自评得分汇总表|单位名称 年初预算数 全年预算数 全年执行数 执行率 得分 等级
绩效指标库|行业 一级指标 二级指标 三级指标 指标解释 计算方法
评分标准|一级指标 二级指标 分值 评分要点 扣分标准
专家名单|姓名 单位 专业 职称 联系电话
整改台账|问题 整改措施 责任单位 完成时限 完成情况
培训计划|培训名称 培训对象 人数 时间 经费预算
招标评分表|投标单位 报价 商务得分 技术得分 总分 名次
问卷统计|题目 非常满意 满意 一般 不满意 满意度
天气记录|日期 最高气温 最低气温 天气 风力
人口统计|街道 户数 人口数 男 女
税收完成情况|税种 年初预算 本月完成 累计完成 完成预算
数据字典|代码 名称 说明
进销存|商品 期初 购进 销售 结存 毛利
"""

TEXTS = {
    "填报须知": "一、预算部门名称填写全称。二、年初预算数、全年预算数、全年执行数以万元为单位。三、一级指标、二级指标按分类填写。",
    "封面": "2023年度部门整体支出绩效自评材料",
    "目录": "1 部门整体支出绩效自评表 2 项目支出绩效自评表 3 绩效自评报告",
    "选项": "产出指标 效益指标 满意度指标 数量指标 质量指标 时效指标 成本指标 经济效益指标 社会效益指标",
    "通知": "各预算单位：现将2023年度绩效自评工作有关事项通知如下，请于3月底前报送部门整体支出绩效自评表。",
    "自评报告": "一、部门概况 二、部门整体支出管理及使用情况 三、绩效情况 四、存在问题 五、下一步改进措施",
}


KIN = """
转移支付区域绩效目标表|资金情况（万元） 年度金额： 其中：中央补助 地方资金 总体目标 年度目标
政府购买服务项目绩效目标申报表|项目资金（万元） 年度资金总额： 其中：财政拨款 其他资金 年度目标
专项债券项目绩效自评表|项目资金（万元） 年初预算数 全年执行数 执行率 债券资金 项目收益
国有资本经营预算绩效目标表|项目资金（万元） 年度资金总额 其中：财政拨款 企业自筹 总体目标
社会保险基金绩效目标表|基金收入 基金支出 当年结余 滚存结余 总体目标
"""
"""Official forms of other kinds: a name, a unit, amounts, goals, and a table of indicators as ours have."""
_INDICATORS = (
    ("绩效指标", "一级指标", "二级指标", "三级指标", "指标值"),
    ("", "产出指标", "数量指标", "培训人数", "≥100人"),
    ("", "", "质量指标", "合格率", "100%"),
    ("", "", "时效指标", "完成时限", "12月底前"),
    ("", "效益指标", "社会效益指标", "覆盖率", "≥90%"),
    ("", "满意度指标", "服务对象满意度指标", "满意度", "≥90%"),
)


def kin() -> dict[str, Grid]:
    """Return official forms that are none of ours, by title."""
    found = {}
    for line in KIN.strip().splitlines():
        title, _, labels = line.partition("|")
        head = [(title,), ("(2024年度)",), ("项目名称", "某项目"), ("主管部门", "某局", "", "实施单位", "某中心")]
        rows = [*head, *((label, "100") for label in labels.split(" ")), *_INDICATORS]
        cells = {
            (row, column): GridCell(row, column, CellKind.TEXT, text)
            for row, texts in enumerate(rows, start=1)
            for column, text in enumerate(texts, start=1)
            if text
        }
        found[title] = Grid(title, cells)
    return found


def sheets() -> dict[str, Grid]:
    """Return all kinds of sheets by name: tables with random rows, and pages of text."""
    found = {}
    for line in TABLES.split("\n"):
        name, bar, heads = line.partition("|")
        if bar:
            found[name] = _table(name, heads.split(" "), Random(name))
    return found | {name: _text(name, text) for name, text in TEXTS.items()}


def _table(name: str, heads: list[str], rng: Random) -> Grid:
    cells = {(1, 1): name} | {(2, column): head for column, head in enumerate(heads, start=1)}
    for row in range(3, rng.randint(6, 40)):
        for column in range(1, len(heads) + 1):
            cells[row, column] = rng.choice(
                ("项目", "某某单位", str(rng.randint(1, 9999)), "无", "合计", "完成", "≥95%")
            )
    made = {at: GridCell(*at, CellKind.TEXT, text) for at, text in sorted(cells.items())}
    return Grid(name, made, (Box(1, 1, 1, len(heads)),))


def _text(name: str, text: str) -> Grid:
    pieces = [name, text, *text.split(" "), *text.replace("。", "、").split("、")]
    cells = {(row, 1): GridCell(row, 1, CellKind.TEXT, piece) for row, piece in enumerate(pieces, start=1) if piece}
    return Grid(name, cells)
